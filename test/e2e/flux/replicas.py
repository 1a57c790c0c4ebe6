"""Several processes: one writes, all serve; shards."""
import os, signal, socket, subprocess, threading, time

from lab import EA, OURS, Failed, check, hold, wait
from tree import tree


LEASE = ["--enable-leader-election", "--leader-election-lease-duration=3s", "--leader-election-renew-deadline=2s",
         "--leader-election-retry-period=500ms"]


def case_two_replicas(lab):
    """Both are Ready, one writes; a killed leader costs no artifact; a stopped one that wakes up writes nothing"""
    a = lab.controller("first", LEASE).start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    one = lab.announced("app-development")
    lab.settled()
    b = lab.controller("second", LEASE, advertise=a.advertise).start()  # ready only with every artifact
    check(b.http("/" + one["path"])[0] == 200, "the standby does not serve what is announced")
    check([x.metric("leader_election_master_status") for x in (a, b)] == [1, 0], "one of them writes")
    a.process.send_signal(signal.SIGSTOP)
    wait("the second to lead", lambda: b.metric("leader_election_master_status") == 1, 20)
    lab.commit(tree(ns=lab.ns, text="two"))
    two = lab.announced("app-development", one, seconds=30)
    ea = lab.api.get(EA, lab.ns, "app-development")
    a.process.send_signal(signal.SIGCONT)
    hold("what the new leader wrote", lambda: lab.api.get(EA, lab.ns, "app-development") == ea, 5)
    check(a.alive() and a.metric("leader_election_master_status") == 0, "the old leader still writes, or ended")
    wait("the old leader to have it too", lambda: a.http("/" + two["path"])[0] == 200, 20)
    b.kill()
    wait("the first to lead again", lambda: a.metric("leader_election_master_status") == 1, 20)
    lab.commit(tree(ns=lab.ns, text="three"))
    lab.announced("app-development", two, seconds=30)
    check(a.stop() == 0, "exit status")


case_two_replicas.own_controllers = True


def case_shards(lab):
    """An object that moves to another shard keeps its revision and gets the other's URL"""
    a = lab.controller("none", ["--watch-label-selector=!sharding.fluxcd.io/key"]).start()
    b = lab.controller("one", ["--watch-label-selector=sharding.fluxcd.io/key=one"]).start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    one = lab.announced("app-development")
    check(one["url"].startswith(f"http://{a.advertise}/"), one["url"])
    lab.api.merge(OURS, lab.ns, "app", {"metadata": {"labels": {"sharding.fluxcd.io/key": "one"}}})
    wait("the other shard's URL", lambda: lab.artifact("app-development")["url"].startswith(f"http://{b.advertise}/"), 20)
    two = lab.artifact("app-development")
    check({k: v for k, v in two.items() if k != "url"} == {k: v for k, v in one.items() if k != "url"}, f"{one}\n{two}")
    lab.download(two)
    check(a.http("/" + one["path"])[0] == 200, "the old file is gone before its time")
    lab.settled()
    for c in (a, b):
        c.stop()


case_shards.own_controllers = True


class Service:
    """Stands for a Service over several controllers: connections go to them in turn, to those that are ready."""

    def __init__(self):
        self.controllers, self.turn = [], 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.pass_on, args=(client,), daemon=True).start()

    def pass_on(self, client):
        for _ in range(len(self.controllers) or 1):
            self.turn += 1
            c = self.controllers[self.turn % len(self.controllers)]
            try:
                server = socket.create_connection(("127.0.0.1", c.port), 2)
                break
            except OSError:
                continue
        else:
            return client.close()

        def copy(a, b):
            try:
                while data := a.recv(65536):
                    b.sendall(data)
                b.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        t = threading.Thread(target=copy, args=(client, server), daemon=True)
        t.start()
        copy(server, client)
        t.join(5)
        client.close()
        server.close()


def case_no_404_while_either_lives(lab):
    """Whatever was announced a moment ago can be had from both, the one that has just taken over included"""
    service = Service()
    a = lab.controller("left", LEASE, advertise=service.address).start()
    b = lab.controller("right", LEASE, advertise=service.address).start()
    service.controllers = [a, b]
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    last, ready = lab.announced("app-development"), True
    for i in range(25):
        lab.commit(tree(ns=lab.ns, text=f"text {i}"))
        last = lab.announced("app-development", last)
        for c in (a, b):
            check(c.http("/" + last["path"])[0] == 200, f"{c.name} has not got what was just announced")
            check(c.http("/readyz", c.health)[0] == 200, f"{c.name} is not ready")
        lab.download(last)
    # A rollout: a new one comes up, the leader goes, its successor announces.
    d = lab.controller("new", LEASE, advertise=service.address).start()
    service.controllers = [b, d]
    check(a.stop() == 0, "exit status")
    for i in range(3):
        lab.download(last)
        lab.commit(tree(ns=lab.ns, text=f"more {i}"))
        last = lab.announced("app-development", last, seconds=30)
        for c in (b, d):
            check(c.http("/" + last["path"])[0] == 200, f"{c.name} has not got what was just announced")
    check(sum(c.metric("leader_election_master_status") for c in (b, d)) == 1, "one of them writes")
    for c in (b, d):
        c.stop()


case_no_404_while_either_lives.own_controllers = True


def case_a_killed_leader(lab):
    """What a killed leader announced last, its storage gone with it, can still be had, also what is held"""
    a = lab.controller("killed", LEASE).start()
    b = lab.controller("heir", LEASE, advertise=a.advertise).start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.announced("app-development")
    lab.settled()
    lab.commit(tree(ns=lab.ns, broken_release="development", text="two"))
    lab.settled(ready="False", reason="BuildFailed")
    held = lab.artifact("app-development")
    a.kill()
    wait("the other to lead", lambda: b.metric("leader_election_master_status") == 1, 20)
    check(b.http("/" + held["path"])[0] == 200, "what is held is gone")
    check(lab.artifact("app-development")["revision"] == held["revision"], "another revision")
    check(b.http("/readyz", b.health)[0] == 200, "not ready")
    b.stop()


case_a_killed_leader.own_controllers = True


def case_a_held_artifact_leaves_its_shard(lab):
    """The shard that takes an object over has its held artifact from the one that had it"""
    a = lab.controller("here", ["--watch-label-selector=!sharding.fluxcd.io/key", "--artifact-retention-ttl=8s"]).start()
    b = lab.controller("there", ["--watch-label-selector=sharding.fluxcd.io/key=one"]).start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.announced("app-development")
    lab.settled()
    lab.commit(tree(ns=lab.ns, broken_release="development", text="two"))
    lab.settled(ready="False", reason="BuildFailed")
    one = lab.artifact("app-development")
    lab.api.merge(OURS, lab.ns, "app", {"metadata": {"labels": {"sharding.fluxcd.io/key": "one"}}})
    wait("the other shard's URL", lambda: lab.artifact("app-development")["url"].startswith(f"http://{b.advertise}/"), 20)
    two = lab.artifact("app-development")
    check(two["revision"] == one["revision"] and two["digest"] == one["digest"], f"{one}\n{two}")
    lab.download(two)
    wait("the first shard's files to go", lambda: not [f for _, _, fs in os.walk(a.storage) for f in fs], 40)
    lab.download(two)
    for c in (a, b):
        c.stop()


case_a_held_artifact_leaves_its_shard.own_controllers = True


def case_end_of_life(lab):
    """SIGTERM: the lease is free at once, a download under way ends whole, exit status 0"""
    a = lab.controller("ends", LEASE).start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    one = lab.announced("app-development")
    slow = socket.create_connection(("127.0.0.1", a.port))
    slow.sendall(f"GET /{one['path']} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    data = slow.recv(1)  # it is being answered
    t0 = time.monotonic()
    check(a.stop() == 0, "exit status")
    check(time.monotonic() - t0 < 8, "it took long to end")
    while piece := slow.recv(65536):
        data += piece
    check(data.startswith(b"HTTP/1.1 200") and len(data.partition(b"\r\n\r\n")[2]) == one["size"], "cut short")
    t0 = time.monotonic()
    b = lab.controller("follows", LEASE).start()
    wait("it to lead", lambda: b.metric("leader_election_master_status") == 1, 2.5)
    b.stop()


case_end_of_life.own_controllers = True
