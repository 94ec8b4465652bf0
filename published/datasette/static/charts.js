// Makes the charts of a page answer to pointer and touch. Without it they are pictures with a table beside them.
"use strict";
{
  const library = document.currentScript.dataset.vega;
  let loading = null;

  const load = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = library;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });
    return loading;
  };

  // The policy of the page forbids code made from text: `ast` has Vega walk its expressions instead.
  const options = {
    ast: true, actions: false, config: { aria: false }, renderer: "svg", defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  const awaken = async (figure, button) => {
    const place = figure.querySelector(".picture-wrapper");
    button.disabled = true;
    button.textContent = "Loading…";
    try {
      const [answer] = await Promise.all([fetch(figure.dataset.spec), load()]);
      if (!answer.ok) throw new Error(answer.statusText);
      const chart = document.createElement("div");
      await vegaEmbed(chart, await answer.json(), options);
      for (const part of chart.querySelectorAll("[role], [aria-roledescription]")) {
        for (const name of ["role", "aria-roledescription", "aria-label"]) part.removeAttribute(name); // the whole has one name
      }
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", place.getAttribute("aria-label"));
      place.replaceChildren(chart);
      figure.dataset.state = "live";
      button.remove();
    } catch {
      button.textContent = "The chart could not be loaded; the picture stays.";
    }
  };

  for (const figure of document.querySelectorAll("figure[data-spec]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "awaken";
    button.textContent = "Show values on hover";
    button.addEventListener("click", () => awaken(figure, button));
    figure.append(button);
  }
}
