"""A small TLS server on loopback for tests, in a thread: HTTP/2 where the client offers it, else HTTP/1.1. And certificates."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from pathlib import Path
from typing import Self

import h2.config
import h2.connection
import h2.events
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path, name: str) -> Path:
    """Key and self-signed certificate for a host's name or number, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    begun = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begun)
        .not_valid_after(begun + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


class TlsServer:
    """Answers every request with `body`. `spoken` are the protocols of the connections, `named` the hosts that TLS named."""

    def __init__(self, pem: Path, body: bytes, *, offers_h2: bool = True) -> None:
        self._body = body
        self.spoken: list[str] = []
        self.named: list[str | None] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._context.set_alpn_protocols(["h2", "http/1.1"] if offers_h2 else ["http/1.1"])
        self._context.sni_callback = lambda _socket, name, _context: self.named.append(name)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self._listening.accept()
            except OSError:
                return
            raw.settimeout(10)
            try:
                with self._context.wrap_socket(raw, server_side=True) as connection:
                    spoken = connection.selected_alpn_protocol() or "http/1.1"
                    self.spoken.append(spoken)
                    (self._speak_2 if spoken == "h2" else self._speak_1)(connection)
            except OSError:  # the client does not trust us, or is gone
                raw.close()

    def _speak_1(self, connection: ssl.SSLSocket) -> None:
        while connection.recv(65536):
            head = f'HTTP/1.1 200 OK\r\nContent-Length: {len(self._body)}\r\nETag: "one"\r\n\r\n'
            connection.sendall(head.encode() + self._body)

    def _speak_2(self, connection: ssl.SSLSocket) -> None:
        state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        state.initiate_connection()
        connection.sendall(state.data_to_send())
        while data := connection.recv(65536):
            for event in state.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    assert event.stream_id is not None
                    state.send_headers(event.stream_id, [(":status", "200"), ("etag", '"one"')])
                    state.send_data(event.stream_id, self._body, end_stream=True)
            connection.sendall(state.data_to_send())
