#!/usr/bin/env python3
"""flux_test.py CONTROLLER RENDER PEERS [ARGUMENTS OF run.py...]

Starts a kube-apiserver and kustomize-controller of PEER_BIN in a folder of its own, runs the cases of this folder against
CONTROLLER (openchoreo-flux-source) with RENDER (openchoreo-gitops) and stops them again. Exit status 77 where a program is
missing."""
import os, shutil, signal, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
NEEDED = ("etcd", "kube-apiserver", "kubectl", "kustomize-controller")


def main():
    controller, render, peers, *rest = sys.argv[1:]
    cache = os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))
    binaries = os.environ.get("PEER_BIN", os.path.join(cache, "openchoreo-gitops", "peers"))
    needed = NEEDED + (("flux",) if any(r.endswith("flux_cli.py") for r in rest) else ())
    missing = [n for n in needed if not os.path.exists(os.path.join(binaries, n)) and not shutil.which(n)]
    if missing:
        print(f"SKIPPED: {', '.join(missing)} not in {binaries}: `make peers` builds them")
        return 77
    work = tempfile.mkdtemp(prefix="flux-peers-")
    env = dict(os.environ, PEER_BIN=binaries, PEER_WORK=work, PEER_SCRIPTS=peers, FLUX_FLAGS="--http-retry=1",
               KUBECONFIG=os.path.join(work, "kube", "kubeconfig"))

    def peer(script, action):
        return subprocess.run([os.path.join(peers, script), action], env=env)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        for script in ("kube.sh", "flux.sh"):
            if peer(script, "start").returncode != 0:
                print(f"{script} did not start; its logs are in {work}/log")
                return 1
        return subprocess.run([sys.executable, os.path.join(HERE, "run.py"), "--controller", controller, "--render", render,
                               *rest], env=env).returncode
    finally:
        for script in ("flux.sh", "kube.sh"):
            peer(script, "stop")
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
