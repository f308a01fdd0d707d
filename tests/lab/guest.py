"""The guest kernel for lab tests: bash scripts, run in a small virtual machine with InfiniBand HCAs in software.

    job = guest.run('modprobe fakeib; ip link set ib0 up; inhost "$AFTERSHOCK" check --host --format json > $OUT/report')
    job.status, job.text, job.files["report"]

Scripts see the helpers of guest/jobs/lib.sh. `$OUT` is a folder whose files come back. guest/README.md has what else is
there, and how to break it.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
GUEST = os.path.join(HERE, "guest", "guest")
JOBS = os.path.join(HERE, "guest", "jobs")
DIR = os.environ.get("GUEST_DIR") or os.path.expanduser("~/.cache/ib-guest")
LACKING = 3   # of `guest setup`: this machine cannot
SKIPPED = 77  # of a test file of which nothing was run; see CMakeLists.txt
TOO_LONG = 124


class Missing(Exception):
    """Why no guest can run here."""


class Job:
    """What a script did: its exit `status`, its standard output and error as `text`, and the `files` it left in $OUT."""

    def __init__(self, status, text, files):
        self.status, self.text, self.files = status, text, files

    def __str__(self):
        return "status %d\n%s" % (self.status, self.text)


def guest(*args, limit=None):
    return subprocess.run([GUEST, *args], env={**os.environ, "GUEST_DIR": DIR}, stdin=subprocess.DEVNULL, text=True,
                          errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit)


def setup():
    """Brings the guest up to date; from nothing this takes half a minute or more. Several may call it at once."""
    done = guest("setup")
    if done.returncode == LACKING:
        raise Missing(done.stdout.strip())
    if done.returncode:
        raise RuntimeError("guest setup: " + done.stdout)


def run(script, limit=60, cpus=None, **variables):
    """Runs a script to its end, or for `limit` seconds (status TOO_LONG). `variables` are set in it. With `cpus` the
    guest starts cold, which takes some eight seconds instead of one."""
    os.makedirs(os.path.join(DIR, "share"), exist_ok=True)
    out = tempfile.mkdtemp(dir=os.path.join(DIR, "share"))
    try:
        head = {"JOB_DIR": "/host" + JOBS, "OUT": "/mnt/" + os.path.basename(out), **variables}
        path = os.path.join(out, "job.sh")
        with open(path, "w", encoding="utf-8") as f:
            f.writelines("export %s=%s\n" % (name, shlex.quote(str(value))) for name, value in head.items())
            f.write('. "$JOB_DIR/lib.sh"\n' + script)
        how = ["run"] if cpus is None else ["boot", "-C", str(cpus)]
        done = guest(*how, "-t", str(limit), path, limit=limit + 60)
        os.remove(path)
        return Job(done.returncode, done.stdout, read_files(out))
    finally:
        shutil.rmtree(out, ignore_errors=True)


def read_files(folder):
    files = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as f:
            files[name] = f.read()
    return files


class GuestTest(unittest.TestCase):
    maxDiff = None

    def guest(self, script, **how):
        """Runs a script that must end well."""
        job = run(script, **how)
        self.assertEqual(job.status, 0, str(job))
        return job


def main():
    try:
        setup()
    except Missing as e:
        print("no guest can run here: %s" % e)
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
