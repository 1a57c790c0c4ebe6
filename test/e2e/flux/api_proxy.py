"""A proxy before the API server that fails now and then, in ways a real one does."""
import http.client, http.server, json, random, threading, time, urllib.parse


class Proxy:
    """Plain HTTP on loopback, passed on with the lab's credentials. `rate`: which part of the calls fails; `unheard`: what
    happens to that kind no watch tells."""

    def __init__(self, api, seed=3):
        self.rate, self.calls, self.failed, self.unheard, rng = 0.0, 0, {}, None, random.Random(seed)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else None
                watch = "watch=true" in self.path
                proxy.calls += 1
                fault = None
                if rng.random() < proxy.rate:
                    fault = rng.choice(("drop", "lost", "delay", "429", "500", "409", "410") + (("half",) * 5 if watch else ()))
                    proxy.failed[fault] = proxy.failed.get(fault, 0) + 1
                if fault == "drop":
                    return self.cut()
                if fault == "delay":
                    time.sleep(2)
                if fault in ("429", "500", "409", "410"):
                    reason = {"429": "TooManyRequests", "500": "InternalError", "409": "Conflict", "410": "Expired"}[fault]
                    text = json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "injected",
                                       "reason": reason, "code": int(fault)}).encode()
                    return self.whole(int(fault), text, [("Retry-After", "1")] if fault == "429" else [])
                c = http.client.HTTPSConnection(api.url.hostname, api.url.port, context=api.context, timeout=700)
                try:
                    headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")}
                    c.request(self.command, self.path, body, headers)
                    r = c.getresponse()
                    if not watch:
                        text = r.read()
                        if fault == "lost":  # it was done, and nobody hears of it
                            return self.cut()
                        kind = r.getheader("Content-Type") or "application/json"
                        return self.whole(r.status, text, [("Content-Type", kind)])
                    self.send_response(r.status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    while data := r.read1(65536):
                        if proxy.unheard and f"/{proxy.unheard}?" in self.path:
                            continue
                        if fault == "half":
                            data = data[:len(data) // 2]
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                        self.wfile.flush()
                        if fault == "half" or rng.random() < proxy.rate:
                            return self.cut()
                    self.wfile.write(b"0\r\n\r\n")
                except OSError:
                    self.cut()
                finally:
                    c.close()

            def whole(self, status, text, headers):
                self.send_response(status)
                for k, v in headers:
                    self.send_header(k, v)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def cut(self):
                self.close_connection = True
                try:
                    self.connection.shutdown(2)
                except OSError:
                    pass

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                pass  # whom it failed has gone away

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def kubeconfig(self, path):
        with open(path, "w") as f:
            json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "c",
                       "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                       "clusters": [{"name": "c", "cluster": {"server": self.url}}],
                       "users": [{"name": "u", "user": {"token": "none"}}]}, f)
        return path
