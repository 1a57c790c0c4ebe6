#!/usr/bin/env python3
"""run.py --controller COMMAND [--crd FILE] [--cases FILE]... [-k TEXT]... [--keep-going] [--list]

Drives a program that follows flux-source/README.md against a real kube-apiserver and kustomize-controller.
Needs KUBECONFIG of an API server that has Flux's CRDs and a running kustomize-controller with the feature gate (../peers/kube.sh
and ../peers/flux.sh start; the cases that break the API server also need PEER_WORK and PEER_BIN as those scripts had them).
  --controller  the program with leading arguments; flags are added
  --crd         the OpenChoreoSource CRD; default: what `COMMAND crd` prints
  --cases       a file of cases; default: basic.py beside this file
  --render      openchoreo-gitops: the artifact's files are then compared with what `render --output-dir` writes
Ends with `N passed, M failed`; the exit status is 1 if any failed."""
import argparse, importlib.util, os, shlex, signal, subprocess, sys, tempfile, time, traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import lab as lab_module  # noqa: E402


def load(path):
    spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3], path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [(n[5:], f) for n, f in vars(module).items() if n.startswith("case_")]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--controller", required=True)
    p.add_argument("--crd")
    p.add_argument("--cases", action="append")
    p.add_argument("-k", action="append", default=[])
    p.add_argument("--render")
    p.add_argument("--list", action="store_true")
    a = p.parse_args()
    cases = [c for f in a.cases or [os.path.join(HERE, "basic.py")] for c in load(f)]
    cases = [c for c in cases if not a.k or any(k in c[0] for k in a.k)]
    if a.list:
        for name, f in cases:
            print(f"{name:36} {(f.__doc__ or '').strip().splitlines()[0]}")
        return 0
    work = tempfile.mkdtemp(prefix="flux-lab-")
    lab = lab_module.Lab(a.controller, os.environ["KUBECONFIG"], work, a.render)
    crd = open(a.crd).read() if a.crd else subprocess.run(shlex.split(a.controller) + ["crd"], check=True,
                                                         capture_output=True, text=True).stdout
    lab.api.apply_yaml(crd)
    lab_module.wait("the OpenChoreoSource CRD", lambda: lab.api.list(lab_module.OURS) is not None, 30)
    passed = failed = 0
    shared = None
    for name, f in cases:
        lab.fresh_namespace(name)
        own = getattr(f, "own_controllers", False)
        t0 = time.monotonic()
        try:
            if own:  # such a case starts what it needs, alone
                if shared:
                    shared.stop()
                    shared = None
            elif shared is None or not shared.alive():
                shared = lab.controller("shared").start()
            lab.main = shared
            f(lab)
            passed += 1
            print(f"ok    {name} ({time.monotonic() - t0:.1f} s)", flush=True)
        except Exception as e:
            failed += 1
            print(f"FAIL  {name} ({time.monotonic() - t0:.1f} s): {e}", flush=True)
            if not isinstance(e, lab_module.Failed):
                traceback.print_exc()
        finally:
            for res in (lab_module.KS, lab_module.OURS):
                for o in lab.api.list(res, lab.ns):
                    lab.api.delete(res, lab.ns, o["metadata"]["name"])
            if own:
                for c in lab.controllers:
                    if c.alive():
                        c.process.send_signal(signal.SIGCONT)
                        c.kill()
    for c in lab.controllers:
        if c.alive():
            c.kill()
    print(f"{passed} passed, {failed} failed (logs: {work})")
    return 1 if failed else 0


sys.exit(main())
