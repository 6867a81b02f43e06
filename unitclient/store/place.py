"""Is the folder a place where a database can live? SQLite's write-ahead log needs memory that processes share.

On a network drive two computers do not share memory: each would write its own log, and the file would be torn without
a word. So a drive that is known to be one is refused, before anything is read or written there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from unitclient.errors import UserError

MOUNTS = Path("/proc/self/mountinfo")
"""Where Linux says what is mounted; absent elsewhere."""
NETWORK = frozenset({
    "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.curlftpfs", "fuse.davfs2", "fuse.glusterfs",
    "fuse.gvfsd-fuse", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4",
    "ocfs2", "smb3", "smbfs", "vboxsf", "vmhgfs", "fuse.vmhgfs-fuse",
})  # fmt: skip
"""File systems of Linux that others reach too, or that share no memory (a virtual machine's shared folders)."""


def refuse_network(home: Path) -> None:
    """UserError store-network-drive when the folder lies on a drive that is known to be a network's."""
    kind = kind_of(home)
    if kind in NETWORK:
        raise UserError("store-network-drive", mendable=False, path=home, kind=kind)


if sys.platform == "win32":
    import ctypes

    _REMOTE = 4  # DRIVE_REMOTE

    def kind_of(home: Path) -> str:
        """ "smb3" for a drive that Windows calls remote; else nothing."""
        root = home.resolve().anchor
        remote = root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root) == _REMOTE
        return "smb3" if remote else ""
else:

    def kind_of(home: Path) -> str:
        """The kind of file system a folder (or the next one above that exists) lies on; nothing where nobody says."""
        try:
            lines = MOUNTS.read_text("utf-8", "replace").splitlines()
        except OSError:
            return ""
        place = home.resolve()
        # Of two mounts at one place the later one covers the earlier.
        found = [(len(point.parts), number, kind) for number, (point, kind) in enumerate(_mounts(lines))
                 if place.is_relative_to(point)]  # fmt: skip
        return max(found)[2] if found else ""


def _mounts(lines: list[str]) -> Iterator[tuple[Path, str]]:
    """(mount point, kind) of each line: "36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/root rw"."""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split()[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        yield Path(point), after.split()[0]
