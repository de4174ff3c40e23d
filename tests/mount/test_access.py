"""Who may read what: permissions follow the sources, sources are confined, a mount never reads itself."""

import itertools
import os
import random
import shutil
import subprocess

import numpy as np
import pytest

import arrays
import ndcat

NOBODY = 65534


def may_read(status, uid, gids):
    if status.st_uid == uid:
        return bool(status.st_mode & 0o400)
    if status.st_gid in gids:
        return bool(status.st_mode & 0o040)
    return bool(status.st_mode & 0o004)


@pytest.mark.needs_root
def test_permissions_are_no_wider_than_the_narrowest_source(folder):
    generator = random.Random(3)
    users = [(uid, gids) for uid in (1001, 1002, 1003) for gids in ((2001,), (2002,), (2001, 2002), (2003,))]
    modes = [0o644, 0o640, 0o600, 0o604, 0o044, 0o440, 0o400, 0o666, 0o060, 0o006, 0o755]
    cases = 150
    for n in range(cases):
        for part in "ab":
            path = folder / f"{part}{n}.npy"
            np.save(path, np.zeros(2))
            os.chown(path, generator.choice([1001, 1002]), generator.choice([2001, 2002]))
            os.chmod(path, generator.choice(modes))
        arrays.write_manifest(folder / f"m{n}.json", {"concatenate": [f"a{n}.npy", f"b{n}.npy"]})
        os.chown(folder / f"m{n}.json", 1001, 2001)
        os.chmod(folder / f"m{n}.json", generator.choice([0o644, 0o640, 0o666, 0o444]))
    allowed = 0
    with ndcat.Mount(folder) as mount:
        for n in range(cases):
            inputs = [os.stat(folder / name) for name in (f"a{n}.npy", f"b{n}.npy", f"m{n}.json")]
            virtual = os.stat(mount / f"m{n}.npy")
            assert virtual.st_mode & 0o7333 == 0
            for uid, gids in users:
                if may_read(virtual, uid, gids):
                    allowed += 1
                    assert all(may_read(status, uid, gids) for status in inputs), (n, uid, gids, virtual, inputs)
            if len({(status.st_uid, status.st_gid, status.st_mode) for status in inputs}) == 1:
                assert (virtual.st_uid, virtual.st_gid) == (inputs[0].st_uid, inputs[0].st_gid)
                assert virtual.st_mode & 0o777 == inputs[0].st_mode & 0o444
    assert allowed > 0


def test_owner_and_times_follow_the_sources(folder):
    arrays.two_parts(folder)
    for name, when in (("a.npy", 10**9), ("b.npy", 10**9 + 500), ("all.json", 10**9 - 500)):
        os.utime(folder / name, (when, when))
        os.chmod(folder / name, 0o640)
    with ndcat.Mount(folder) as mount:
        status = os.stat(mount / "all.npy")
        assert status.st_mtime == 10**9 + 500
        assert (status.st_uid, status.st_gid) == (os.getuid(), os.getgid())
        assert status.st_mode & 0o777 == 0o440
        os.utime(folder / "all.json", (10**9 + 900, 10**9 + 900))
        assert os.stat(mount / "all.npy").st_mtime == 10**9 + 900


@pytest.fixture
def outside(tmp_path):
    path = tmp_path / "outside"
    path.mkdir()
    np.save(path / "a.npy", np.arange(4.0))
    return path


def escaping_manifests(folder, outside):
    """Every way out of the manifest folder that a manifest or a link can take."""
    (folder / "link.npy").symlink_to(outside / "a.npy")
    (folder / "door").symlink_to(outside)
    ways = {"absolute": f"{outside}/a.npy", "upwards": "../outside/a.npy", "link": "link.npy", "door": "door/a.npy",
            "through": "door/../outside/a.npy"}
    for name, path in ways.items():
        arrays.write_manifest(folder / f"{name}.json", {"path": path})
    arrays.write_manifest(folder / "globbed.json", {"concatenate": ["door/*.npy"]})
    arrays.write_manifest(outside / "other.json", {"path": "a.npy"})
    arrays.write_manifest(folder / "other_manifest.json", {"path": "../outside/other.json"})
    return [*ways, "globbed", "other_manifest"]


@pytest.mark.needs_root
@pytest.mark.parametrize("options", [[], ["-o", "allow_other"]], ids=["", "allow_other"])
def test_root_reads_no_source_outside_the_manifest_folder(folder, outside, options):
    names = escaping_manifests(folder, outside)
    with ndcat.Mount(folder, *options) as mount:
        for name in names:
            assert not (mount / f"{name}.npy").exists(), name
            assert "sources=" in (mount / f"{name}.error").read_text(), name


@pytest.mark.needs_root
def test_sources_allows_further_folders(folder, outside, tmp_path):
    names = escaping_manifests(folder, outside)
    more = tmp_path / "more"
    more.mkdir()
    np.save(more / "b.npy", np.arange(3.0))
    arrays.write_manifest(folder / "more.json", {"path": str(more / "b.npy")})
    (tmp_path / "outside-not").mkdir()
    np.save(tmp_path / "outside-not" / "a.npy", np.arange(3.0))
    arrays.write_manifest(folder / "prefix.json", {"path": "../outside-not/a.npy"})
    with ndcat.Mount(folder, "-o", f"sources={outside}:{more}") as mount:
        for name in names:
            assert np.array_equal(np.load(mount / f"{name}.npy"), np.arange(4.0)), name
        assert np.array_equal(np.load(mount / "more.npy"), np.arange(3.0))
        assert not (mount / "prefix.npy").exists()


@pytest.mark.needs_root
def test_a_link_that_turns_outwards_under_an_open_mount(folder, outside):
    np.save(folder / "a.npy", np.zeros(4))
    (folder / "link.npy").symlink_to("a.npy")
    arrays.write_manifest(folder / "x.json", {"path": "link.npy"})
    with ndcat.Mount(folder) as mount:
        assert np.array_equal(np.load(mount / "x.npy"), np.zeros(4))
        os.remove(folder / "link.npy")
        (folder / "link.npy").symlink_to(outside / "a.npy")
        assert not (mount / "x.npy").exists()
        assert (mount / "x.error").exists()


@pytest.mark.parametrize("options", [[], ["-s"]], ids=["threads", "-s"])
def test_a_mount_inside_its_own_manifest_folder_does_not_read_itself(folder, options):
    wanted = arrays.two_parts(folder)
    (folder / "mnt").mkdir()
    (folder / "link").symlink_to("mnt")
    arrays.write_manifest(folder / "direct.json", {"path": "mnt/all.npy"})
    arrays.write_manifest(folder / "linked.json", {"path": "link/all.npy"})
    arrays.write_manifest(folder / "itself.json", {"path": "mnt/itself.raw", "dtype": "u1", "shape": [-1]})
    arrays.write_manifest(folder / "globbed.json", {"concatenate": ["**/*.npy"]})
    arrays.write_manifest(folder / "manifest.json", {"path": "mnt/all.json"})
    names = ["direct", "linked", "itself", "manifest"]
    with ndcat.Mount(folder, *options, mountpoint=folder / "mnt") as mount:
        listed = set(os.listdir(mount))
        assert "all.npy" in listed
        for name in names:
            assert f"{name}.npy" not in listed, name
            assert not (mount / f"{name}.npy").exists()
            assert "mount" in (mount / f"{name}.error").read_text(), name
        os.path.exists(mount / "globbed.npy")
        os.path.exists(mount / "mnt" / "mnt" / "all.npy")
        assert len(list(itertools.islice(os.walk(mount), 50))) <= 3
        assert np.array_equal(np.load(mount / "all.npy"), wanted)


@pytest.mark.needs_root
@pytest.mark.parametrize("options", [[], ["-s"]], ids=["threads", "-s"])
def test_a_bind_mount_of_the_mount_is_recognised(folder, options):
    wanted = arrays.two_parts(folder)
    (folder / "bound").mkdir()
    arrays.write_manifest(folder / "x.json", {"path": "bound/all.npy"})
    arrays.write_manifest(folder / "y.json", {"concatenate": ["bound/a*.npy"]})
    with ndcat.Mount(folder, *options) as mount:
        subprocess.run(["mount", "--bind", mount, folder / "bound"], check=True)
        try:
            os.listdir(mount)
            assert not (mount / "x.npy").exists()
            assert "mount" in (mount / "x.error").read_text()
            assert not (mount / "y.npy").exists()
            assert np.array_equal(np.load(mount / "all.npy"), wanted)
        finally:
            subprocess.run(["umount", folder / "bound"], check=True)


@pytest.fixture
def as_nobody(tmp_path_factory):
    """A folder, a program and a /dev/fuse that an ordinary user can use, and the words that make a command his."""
    top = tmp_path_factory.mktemp("nobody")
    for parent in (top, top.parent, top.parent.parent):
        os.chmod(parent, 0o755)
    program = shutil.copy(ndcat.binary(), top / "ndcat")
    os.chmod(program, 0o755)
    (top / "mnt").mkdir()
    (top / "manifests").mkdir()
    bound = os.stat("/dev/fuse").st_mode & 0o006 != 0o006
    if bound:  # udev gives it to everybody; a bare container may not
        os.mknod(top / "fuse", 0o020666, os.stat("/dev/fuse").st_rdev)
        os.chmod(top / "fuse", 0o666)
        subprocess.run(["mount", "--bind", top / "fuse", "/dev/fuse"], check=True)
    yield top, ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if bound:
        subprocess.run(["umount", "-l", "/dev/fuse"], check=True)


def give_to_nobody(top):
    for path in [top / "mnt", *(top / "manifests").rglob("*"), top / "manifests"]:
        os.chown(path, NOBODY, NOBODY)


@pytest.mark.needs_root
def test_an_ordinary_user_mounts_for_himself(as_nobody):
    top, prefix = as_nobody
    wanted = arrays.two_parts(top / "manifests")
    (top / "elsewhere").mkdir()
    np.save(top / "elsewhere" / "c.npy", np.arange(3))
    np.save(top / "elsewhere" / "secret.npy", np.arange(3))
    os.chmod(top / "elsewhere" / "secret.npy", 0o600)
    arrays.write_manifest(top / "manifests" / "elsewhere.json", {"path": str(top / "elsewhere" / "c.npy")})
    arrays.write_manifest(top / "manifests" / "secret.json", {"path": str(top / "elsewhere" / "secret.npy")})
    give_to_nobody(top)
    with ndcat.Mount(top / "manifests", mountpoint=top / "mnt", prefix=prefix, program=top / "ndcat") as mount:
        code = "assert np.load(sys.argv[1]).shape == (1500, 5)"
        assert arrays.python(code, mount / "all.npy", prefix=prefix).returncode == 0
        # For himself he may name any source that he could read anyway, and no other.
        code = "assert np.load(sys.argv[1]).shape == (3,)"
        assert arrays.python(code, mount / "elsewhere.npy", prefix=prefix).returncode == 0
        done = arrays.python("print(open(sys.argv[1]).read())", mount / "secret.error", prefix=prefix)
        assert b"ermission" in done.stdout, done
        # Without allow_other nobody else gets in, root included.
        with pytest.raises(PermissionError):
            os.listdir(mount)
        subprocess.run([*prefix, "fusermount3", "-u", str(mount)], check=True)
        assert mount.wait() == 0
    assert wanted.shape == (1500, 5)


@pytest.mark.needs_root
def test_an_ordinary_user_is_told_what_only_root_may_ask_of_the_kernel(as_nobody):
    top, prefix = as_nobody
    arrays.two_parts(top / "manifests")
    give_to_nobody(top)
    with ndcat.Mount(top / "manifests", "-o", "readahead=512K,passthrough", mountpoint=top / "mnt", prefix=prefix,
                     program=top / "ndcat") as mount:
        code = "assert np.load(sys.argv[1]).shape == (1500, 5)"
        assert arrays.python(code, mount / "all.npy", prefix=prefix).returncode == 0
        assert "-o readahead: the kernel reads ahead as far as before" in mount.log()
        assert "-o passthrough: every file is read through ndcat" in mount.log()
        subprocess.run([*prefix, "fusermount3", "-u", str(mount)], check=True)
        assert mount.wait() == 0


@pytest.mark.needs_root
def test_allow_other_lets_others_read_what_the_sources_allow(as_nobody):
    """Root mounts; the kernel checks the permissions that the virtual files show."""
    top, prefix = as_nobody
    arrays.two_parts(top / "manifests")
    np.save(top / "manifests" / "private.npy", np.arange(3))
    os.chmod(top / "manifests" / "private.npy", 0o600)
    arrays.write_manifest(top / "manifests" / "private.json", {"path": "private.npy"})
    with ndcat.Mount(top / "manifests", "-o", "allow_other", mountpoint=top / "mnt") as mount:
        done = arrays.python("assert np.load(sys.argv[1]).shape == (1500, 5)", mount / "all.npy", prefix=prefix)
        assert done.returncode == 0, done.stderr
        done = arrays.python("open(sys.argv[1], 'rb').read()", mount / "private.npy", prefix=prefix)
        assert b"PermissionError" in done.stderr
        assert (mount / "private.npy").read_bytes()


@pytest.mark.needs_root
def test_allow_other_opens_no_closed_folder(as_nobody):
    """What others cannot read because they may not enter its folder, no manifest elsewhere shows them."""
    top, prefix = as_nobody
    closed = top / "manifests" / "closed"
    closed.mkdir()
    np.save(closed / "a.npy", np.arange(3))
    os.chmod(closed / "a.npy", 0o644)
    arrays.write_manifest(top / "manifests" / "all.json", {"concatenate": ["closed/*.npy"]})

    def nobody_reads(path):
        return arrays.python("open(sys.argv[1], 'rb').read()", path, prefix=prefix).returncode == 0

    with ndcat.Mount(top / "manifests", "-o", "allow_other", mountpoint=top / "mnt") as mount:
        for mode, is_open in [(0o755, True), (0o700, False), (0o711, True), (0o750, False)]:
            os.chmod(closed, mode)
            assert nobody_reads(closed / "a.npy") == is_open, oct(mode)
            for view in ("npy", "raw"):
                assert nobody_reads(mount / f"all.{view}") == is_open, (view, oct(mode))
        assert np.array_equal(np.load(mount / "all.npy"), np.arange(3)), "root reads it all the same"


@pytest.mark.needs_root
def test_without_allow_other_roots_mount_is_roots(as_nobody):
    top, prefix = as_nobody
    arrays.two_parts(top / "manifests")
    with ndcat.Mount(top / "manifests", mountpoint=top / "mnt") as mount:
        done = arrays.python("os.listdir(sys.argv[1])", mount.path, prefix=prefix)
        assert b"PermissionError" in done.stderr
