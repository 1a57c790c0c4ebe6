#!/usr/bin/env python3
"""The plugin under many faulty clients, killed and started again now and then: no wrong answer, no growing memory.

usage: soak_test.py PLUGIN SOAK GEN_TREE [SECONDS=20] [CLIENTS=32] [KILL-EVERY-SECONDS=0] [SERVE-FLAGS...]
The long run of a release: soak_test.py ... 1800 32 300
A build with AddressSanitizer: soak_test.py ... 120 32 0 --no-sandbox (in the sandbox it cannot look for leaks)
"""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

PLUGIN, SOAK, GEN_TREE = sys.argv[1:4]
SECONDS, CLIENTS, KILL = (int(a) for a in sys.argv[4:7] + ['20', '32', '0'][len(sys.argv[4:7]):])
FLAGS = sys.argv[7:]


def resident(pid):
    for line in pathlib.Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('VmRSS:'):
            return int(line.split()[1]) / 1024
    return 0.0


def main():
    with tempfile.TemporaryDirectory(prefix='oc-', dir='/tmp') as folder:
        subprocess.run([sys.executable, GEN_TREE, f'{folder}/tree', '--projects', '1', '--components', '8'],
                       check=True, stdout=subprocess.DEVNULL)
        log = open(f'{folder}/log', 'wb')

        def start():
            server = subprocess.Popen([PLUGIN, 'serve', '--socket', f'{folder}/s.sock', '--metrics-address', '',
                                       '--response-cache-mb', '2', '--renderer-cache-mb', '32', '--work-folder', f'{folder}/work',
                                       '--grace-seconds', '2', *FLAGS], stdout=log, stderr=log)
            while subprocess.run([PLUGIN, 'health', '--socket', f'{folder}/s.sock'], capture_output=True).returncode != 0:
                if server.poll() is not None:
                    sys.exit('the plugin ended at its start')
                time.sleep(0.1)
            return server

        server = start()
        clients = subprocess.Popen([SOAK, f'{folder}/s.sock', f'{folder}/tree', str(SECONDS), str(CLIENTS)],
                                   stdout=subprocess.PIPE, text=True)
        samples, begin, next_kill, kills = [], time.monotonic(), KILL, 0
        lives = []  # of one server each: MiB in its second and in its last quarter

        def end_life():
            if samples and samples[-1][0] - samples[0][0] >= 60:
                quarter = len(samples) // 4
                lives.append([round(max(m for _, m in part), 1) for part in (samples[quarter:2 * quarter], samples[-quarter:])])
            samples.clear()

        while clients.poll() is None:
            time.sleep(0.5)
            now = time.monotonic() - begin
            if server.poll() is not None:
                print(pathlib.Path(f'{folder}/log').read_text()[-3000:])
                sys.exit(f'the plugin died ({server.returncode}) after {now:.0f} s')
            samples.append((now, resident(server.pid)))
            if KILL and now > next_kill:
                next_kill += KILL
                kills += 1
                server.send_signal(signal.SIGKILL if kills % 2 else signal.SIGTERM)
                server.wait()
                server = start()
                end_life()
        server.send_signal(signal.SIGTERM)
        ended = server.wait(30)
        counts = json.loads(clients.stdout.read() or '{}')
        end_life()
        counts.update(kills=kills, ended=ended, lives_mib=lives)
        print(json.dumps(counts))
        if clients.returncode != 0 or ended != 0:
            print(pathlib.Path(f'{folder}/log').read_text()[-3000:])
            sys.exit(1)
        # Caches are full long before the middle of a life: what grows after that is a leak.
        if any(last > middle * 1.15 + 8 for middle, last in lives):
            sys.exit('memory grows')


main()
