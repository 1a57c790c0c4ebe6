#!/usr/bin/env python3
"""file_server_benchmark.py FILE_SERVER [SECONDS] [ROUNDS]

Files of 20 KB and 5 MB for 64 clients, from our HTTP server, nginx (sendfile on) and Go's http.FileServer, in turn, so that
what else runs on the machine meets all alike. Prints requests per second, MB/s and CPU seconds per GB: medians.
Then: memory that 5,000 idle connections cost. Needs wrk and nginx (Debian's packages); Go's server where Go is.
"""
import os, re, resource, shutil, socket, statistics, subprocess, sys, tempfile, time

server, seconds, rounds = sys.argv[1], int((sys.argv + [5])[2]), int((sys.argv + [5, 3])[3])
work = tempfile.mkdtemp(prefix="file-server-")
folder = os.path.join(work, "files")
os.chmod(work, 0o755)  # nginx drops to another user where root starts it
os.mkdir(folder)
for name, size in (("small", 20_000), ("large", 5_000_000)):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(os.urandom(size))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_nginx():
    port = free_port()
    with open(os.path.join(work, "nginx.conf"), "w") as conf:
        conf.write(f"""daemon off; worker_processes 2; pid {work}/nginx.pid; error_log {work}/error.log;
events {{ worker_connections 8192; }}
http {{ access_log off; sendfile on; tcp_nopush on; client_body_temp_path {work}/b; proxy_temp_path {work}/p;
fastcgi_temp_path {work}/f; uwsgi_temp_path {work}/u; scgi_temp_path {work}/s;
server {{ listen 127.0.0.1:{port} backlog=4096; root {folder}; }} }}
""")
    return subprocess.Popen(["nginx", "-c", f"{work}/nginx.conf", "-e", f"{work}/error.log"]), port


def start_go():
    port = free_port()
    with open(os.path.join(work, "main.go"), "w") as source:
        source.write('package main\nimport "net/http"\nfunc main() { http.ListenAndServe("127.0.0.1:%d", '
                     'http.FileServer(http.Dir("%s"))) }\n' % (port, folder))
    subprocess.run(["go", "build", "-o", f"{work}/gofs", "main.go"], cwd=work, check=True,
                   env=dict(os.environ, GO111MODULE="off", GOFLAGS=""))
    return subprocess.Popen([f"{work}/gofs"]), port


def start_ours():
    process = subprocess.Popen([server, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline())


def family(pid):
    pids = [pid]
    for child in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split():
        pids.append(int(child))
    return pids


def cpu(pid):
    ticks = 0
    for one in family(pid):
        fields = open(f"/proc/{one}/stat").read().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid):
    return sum(int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{one}/status").read()).group(1)) for one in family(pid))


def load(port, name):
    text = subprocess.run(["wrk", "-t2", "-c64", f"-d{seconds}s", f"http://127.0.0.1:{port}/{name}"],
                          capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text:
        raise SystemExit(text)
    count, size, unit = re.search(r"(\d+) requests in [^,]+, ([\d.]+)(KB|MB|GB) read", text).groups()
    return int(count) / seconds, float(size) * {"KB": 1e-6, "MB": 1e-3, "GB": 1}[unit]


servers = {"ours": start_ours(), "nginx": start_nginx()}
if shutil.which("go"):
    servers["go"] = start_go()
time.sleep(1)
print(f"64 clients, {rounds} rounds of {seconds} s, medians")
for name in ("small", "large"):
    figures = {who: [] for who in servers}
    for _ in range(rounds):
        for who, (process, port) in servers.items():
            before = cpu(process.pid)
            rate, gigabytes = load(port, name)
            figures[who].append((rate, gigabytes / seconds * 1000, (cpu(process.pid) - before) / max(gigabytes, 1e-9)))
    for who, runs in figures.items():
        rate, speed, cost = (statistics.median(run[i] for run in runs) for i in range(3))
        print(f"{name:6} {who:6} {rate:10.0f} requests/s {speed:9.0f} MB/s {cost:7.3f} CPU s/GB")
resource.setrlimit(resource.RLIMIT_NOFILE, (8192, max(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
servers["ours"][0].stdin.close()
servers["ours"][0].wait()
servers["ours"] = start_ours()
for who, (process, port) in servers.items():
    before = memory(process.pid)
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(5000)]
    for one in idle:
        one.sendall(b"HEAD /small HTTP/1.1\r\nHost: a\r\n\r\n")
    for one in idle:
        one.recv(4096)
    print(f"5,000 idle connections, {who}: {(memory(process.pid) - before) / 1024:.1f} MiB")
    for one in idle:
        one.close()
for process, _ in servers.values():
    process.terminate()
    process.wait()
shutil.rmtree(work)
