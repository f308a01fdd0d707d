"""A disk of a few megabytes that can be filled, in a mount namespace of the test's own process."""

import ctypes
import os
import subprocess

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000


def private_mounts():
    """Mounts of this process and of what it starts are nobody else's from now on; before any thread is started. Whether
    that could be had: it takes root, or a kernel that lets users have namespaces."""
    flags = CLONE_NEWNS if os.geteuid() == 0 else CLONE_NEWNS | CLONE_NEWUSER
    if ctypes.CDLL(None, use_errno=True).unshare(flags):
        return False
    return subprocess.run(["mount", "--make-rprivate", "/"], stderr=subprocess.DEVNULL, check=False).returncode == 0


class SmallDisk:
    def __init__(self, folder, size="3m"):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "none", folder], check=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def fill(self):
        """Takes all the room that is left."""
        try:
            with open(self.path("ballast"), "wb", buffering=0) as f:
                while f.write(b"\0" * 4096):
                    pass
        except OSError:
            pass

    def make_room(self):
        os.remove(self.path("ballast"))

    def remove(self):
        subprocess.run(["umount", "--lazy", self.folder], check=True)
