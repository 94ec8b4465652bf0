// Works an index out anew with other weights, from the published draws. The page says the same without it, at the set weights.
"use strict";
{
  const section = document.getElementById("weights");
  const tool = document.getElementById("weights-tool");
  const PILLARS = { P1: "Pursuing goals", P2: "Managing inputs", P3: "Engaging users and citizens", P4: "Developing system capacity" };
  const COMMON = 0.9; // share of the draws that the interval holds: from the 5th to the 95th hundredth

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // index = exp(sum(w ln(1 + 0.99 pillar)) / sum(w)), over the pillars that the body has
  const index = (body, weights, draw) => {
    let total = 0, sum = 0;
    for (const [item, pillar] of Object.entries(body.pillars)) {
      const weight = weights[item] ?? 0;
      const value = draw === null || !pillar.draws ? pillar.score : pillar.draws[draw];
      if (value === null || value === undefined || weight === 0) continue;
      total += weight;
      sum += weight * Math.log(1 + 0.99 * value);
    }
    return total ? Math.exp(sum / total) : null;
  };

  const quantile = (sorted, share) => {
    const place = share * (sorted.length - 1), below = Math.floor(place);
    return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
  };

  const work = (bodies, weights) => {
    const count = Math.max(0, ...bodies.flatMap((body) => Object.values(body.pillars).map((pillar) => pillar.draws?.length ?? 0)));
    const results = bodies.map((body) => ({ body, score: index(body, weights, null), draws: [] }));
    const known = results.filter((one) => one.score !== null);
    const ranks = new Map(known.map((one) => [one, []]));
    for (let draw = 0; draw < count; draw += 1) {
      for (const one of known) one.draws.push(index(one.body, weights, draw));
      const order = [...known].sort((a, b) => b.draws[draw] - a.draws[draw]);
      order.forEach((one, place) => ranks.get(one).push(place + 1));
    }
    for (const one of known) {
      const has = Object.values(one.body.pillars).some((pillar) => pillar.draws);
      const sorted = one.draws.toSorted((a, b) => a - b), places = ranks.get(one).toSorted((a, b) => a - b);
      const low = (1 - COMMON) / 2;
      if (count && has) [one.low, one.high] = [quantile(sorted, low), quantile(sorted, 1 - low)];
      if (count) [one.first, one.last] = [Math.round(quantile(places, low)), Math.round(quantile(places, 1 - low))];
    }
    return known.sort((a, b) => b.score - a.score || (a.body.id < b.body.id ? -1 : 1));
  };

  const shown = (value) => (value === undefined ? "–" : value.toFixed(1));

  const start = async () => {
    const answer = await fetch(section.dataset.draws);
    if (!answer.ok) return;
    const { bodies, weights: set } = await answer.json();
    const items = Object.keys(set).filter((item) => item in PILLARS).sort();
    const weights = Object.fromEntries(items.map((item) => [item, set[item]]));
    const largest = Math.max(...items.map((item) => set[item]), 0.01);
    const output = element("tbody");
    const said = element("p", { className: "quiet" });
    said.setAttribute("role", "status");
    const inputs = [];

    const show = () => {
      const found = work(bodies, weights);
      output.replaceChildren(...found.map((one) => {
        const heading = element("th", { scope: "row", textContent: one.body.name });
        const cells = [
          ["Index", shown(one.score)], ["Interval from", shown(one.low)], ["to", shown(one.high)],
          ["Rank between", one.first ?? "–"], ["and", one.last ?? "–"],
        ].map(([label, text]) => {
          const cell = element("td", { className: "number", textContent: text });
          cell.dataset.label = label;
          return cell;
        });
        return element("tr", {}, heading, ...cells);
      }));
      const changed = items.some((item) => weights[item] !== set[item]);
      said.textContent = found.length === 0 ? "Without any weight there is no index."
        : changed ? "Your weights, not the published ones. The interval holds nine tenths of the draws." : "The published weights.";
    };

    const sliders = items.map((item) => {
      const id = `weight-${item}`;
      const value = element("output", { textContent: set[item].toFixed(2) });
      value.htmlFor = id;
      const input = element("input", { type: "range", id, min: "0", max: String(2 * largest), step: "0.01", value: String(set[item]) });
      input.addEventListener("input", () => {
        weights[item] = Number(input.value);
        value.textContent = weights[item].toFixed(2);
        show();
      });
      inputs.push([input, value, item]);
      return element("div", { className: "slider" }, element("label", { htmlFor: id, textContent: `${item} ${PILLARS[item]}` }), input, value);
    });
    const reset = element("button", { type: "button", textContent: "Published weights" });
    reset.addEventListener("click", () => {
      for (const [input, value, item] of inputs) {
        weights[item] = set[item];
        input.value = String(set[item]);
        value.textContent = set[item].toFixed(2);
      }
      show();
    });

    const head = element("tr", {}, ...["Body", "Index", "Interval from", "to", "Rank between", "and"].map((text, place) =>
      element("th", { scope: "col", textContent: text, className: place ? "number" : "" })));
    const table = element("table", { className: "plain stacked rows" }, element("thead", {}, head), output);
    const wrapper = element("div", { className: "table-wrapper", tabIndex: 0 }, table);
    wrapper.setAttribute("role", "region");
    wrapper.setAttribute("aria-label", "Index with your weights");
    tool.replaceChildren(element("div", { className: "sliders" }, ...sliders), element("p", {}, reset), said, wrapper);
    show();
  };

  if (section) start();
}
