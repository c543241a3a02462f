#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs packaging/setup.sh with stand-ins for apt, dpkg, pip and the driver, which record what they are asked to do."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SETUP = Path(__file__).resolve().parents[2] / "packaging" / "setup.sh"
SYSTEM_TOOLS = "awk bash basename cat cp date df dirname env flock grep id ls mkdir mv rm sed uname true".split()

STAND_INS = {
    # All packages but those named in $MISSING (a word list) are installed.
    "dpkg-query": 'for last; do :; done; case " $MISSING " in *" $last "*) exit 1;; *) printf installed;; esac',
    "apt-get": 'echo "apt-get $*" >>"$RECORD"; case "$*" in *--print-uris*) echo "\'u\' a 5000000 h"; echo "\'v\' b 2500000 h";; esac',
    "apt-cache": '[ "$2" = qt6-svg-dev ] && exit 1; exit 0',  # as on a system that has the other name
    "sudo": 'echo "sudo $*" >>"$RECORD"; [ "$1" = -n ] && shift; exec "$@"',
    "id": "echo ${FAKE_UID:-0}",
    "uname": "echo ${FAKE_MACHINE:-x86_64}",
    # -m pip install ... --target DIR
    "python3": 'if [ "$3" = --version ]; then exit 0; fi\n'
    'echo "pip $*" >>"$RECORD"\n'
    "for last; do :; done\n"
    'mkdir -p "$last/torch/lib" "$last/nvidia/cudnn/lib" "$last/nvidia/cu13/bin"\n'
    '[ -n "$PIP_FAILS" ] && exit 1\n'
    'touch "$last/torch/lib/libtorch_cpu.so"\n'
    'case "$*" in *cuda-libraries*) touch "$last/nvidia/cudnn/lib/libcudnn.so.9";; esac\n'
    'case "$*" in *nvcc.txt*) cp "$0" "$last/nvidia/cu13/bin/nvcc";; esac\n',
}


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = Path(folder.name).resolve()
        self.bin, self.cache, self.record = root / "bin", root / "cache", root / "record"
        self.bin.mkdir()
        for tool in SYSTEM_TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        (self.bin / "touch").symlink_to(shutil.which("touch"))
        (self.bin / "nvcc").symlink_to(shutil.which("false"))  # hides a toolkit on the path of this machine
        for name, body in STAND_INS.items():
            self.stand_in(name, body)
        self.torch = self.cache / "planish" / "libtorch-2.11.0"

    def stand_in(self, name, body):
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text("#!/bin/sh\n" + body + "\n")
        path.chmod(0o755)

    def run_setup(self, *arguments, **variables):
        self.record.write_text("")
        environment = {"PATH": str(self.bin), "HOME": "/nonexistent", "XDG_CACHE_HOME": str(self.cache), "RECORD": str(self.record)}
        environment.update(variables)
        result = subprocess.run([shutil.which("bash"), SETUP, *arguments], env=environment, stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, check=False)
        self.output, self.asked = result.stdout + result.stderr, self.record.read_text()
        return result.returncode

    def install_torch(self):
        library = self.torch / "torch" / "lib" / "libtorch_cpu.so"
        library.parent.mkdir(parents=True)
        library.touch()

    def test_does_nothing_and_needs_no_root_where_everything_is_there(self):
        self.install_torch()
        self.assertEqual(self.run_setup(FAKE_UID="1000"), 0, self.output)
        self.assertEqual(self.output, "setup: everything needed is installed\n")
        self.assertEqual(self.asked, "")

    def test_says_what_and_how_much_and_changes_nothing_on_a_dry_run(self):
        self.assertEqual(self.run_setup("--dry-run", MISSING="libspdlog-dev zlib1g-dev"), 0, self.output)
        self.assertIn("libspdlog-dev zlib1g-dev\n", self.output)
        self.assertRegex(self.output, r"packages with apt.* \d+ MB")
        self.assertRegex(self.output, r"LibTorch 2\.11\.0 .*: \d+ MB, .* on disk in " + str(self.torch))
        self.assertEqual(self.asked, "")
        self.assertFalse(self.cache.exists())

    def test_states_the_download_before_it_starts(self):
        self.assertEqual(self.run_setup(), 0, self.output)
        self.assertLess(self.output.index("will download LibTorch"), self.output.index("done"))
        self.assertIn("torch.txt", self.asked)
        self.assertNotIn("cuda-libraries", self.asked)
        self.assertNotIn("apt-get", self.asked)
        self.assertTrue((self.torch / "torch/lib/libtorch_cpu.so").exists())
        self.assertEqual(self.run_setup(), 0)
        self.assertEqual(self.asked, "")

    def test_never_mistakes_an_interrupted_download_for_a_complete_one(self):
        self.assertEqual(self.run_setup(PIP_FAILS="1"), 1)
        self.assertIn("start this again", self.output)
        self.assertFalse(self.torch.exists())
        self.assertEqual(self.run_setup(), 0, self.output)
        self.assertTrue((self.torch / "torch/lib/libtorch_cpu.so").exists())
        self.assertEqual(list(self.torch.parent.glob("*.part")), [])

    def test_tells_what_the_administrator_has_to_run_where_there_is_no_sudo(self):
        self.install_torch()
        (self.bin / "sudo").unlink()
        self.assertEqual(self.run_setup(FAKE_UID="1000", MISSING="ninja-build libcli11-dev"), 1)
        self.assertIn("apt-get install -y --no-install-recommends ninja-build libcli11-dev", self.output)
        self.assertEqual(self.asked, "")

    def test_uses_sudo_where_it_is_to_be_had(self):
        self.install_torch()
        self.assertEqual(self.run_setup(FAKE_UID="1000", MISSING="libcli11-dev"), 0, self.output)
        self.assertIn("sudo apt-get -qq update", self.asked)
        self.assertRegex(self.asked, r"sudo env DEBIAN_FRONTEND=noninteractive apt-get install .*libcli11-dev")
        self.assertIn("8 MB", self.output)  # 7.5 of the two files that apt names

    def test_takes_the_name_that_the_archive_has(self):
        self.install_torch()
        self.assertEqual(self.run_setup(MISSING="qt6-svg-dev libqt6svg6-dev"), 0, self.output)
        self.assertRegex(self.asked, r"apt-get install .* libqt6svg6-dev\n")

    def test_accepts_a_tool_that_was_not_installed_by_apt(self):
        self.install_torch()
        self.stand_in("cmake", "exit 0")
        self.assertEqual(self.run_setup(MISSING="cmake"), 0, self.output)
        self.assertEqual(self.asked, "")

    def test_gets_the_gpu_libraries_and_the_compiler_where_a_driver_is(self):
        self.install_torch()
        self.stand_in("nvidia-smi", "exit 0")
        self.assertEqual(self.run_setup("--dry-run"), 0)
        if not Path("/usr/local/cuda/bin/nvcc").exists():
            self.assertIn("compiler", self.output)
        self.assertEqual(self.run_setup(), 0, self.output)
        self.assertIn("GPU libraries LibTorch needs: 2.0 GB", self.output)
        self.assertIn("cuda-libraries.txt", self.asked)
        self.assertTrue((self.torch / "torch/lib/libtorch_cpu.so").exists())
        self.assertTrue((self.torch / "nvidia/cudnn/lib/libcudnn.so.9").exists())
        self.assertFalse(Path(str(self.torch) + ".old").exists())
        self.assertEqual(self.run_setup(), 0)
        self.assertEqual(self.asked, "")

    def test_leaves_the_gpu_alone_where_the_driver_does_not_answer(self):
        self.install_torch()
        self.stand_in("nvidia-smi", "exit 9")
        self.assertEqual(self.run_setup(), 0)
        self.assertEqual(self.asked, "")

    def test_uses_a_pytorch_that_is_there(self):
        self.install_torch()
        self.assertEqual(self.run_setup(PLANISH_TORCH_DIR=str(self.torch), XDG_CACHE_HOME=str(self.cache / "empty")), 0, self.output)
        self.assertEqual(self.asked, "")
        self.assertEqual(self.run_setup(PLANISH_TORCH_DIR=str(self.cache)), 1)
        self.assertIn("holds no torch/lib/libtorch_cpu.so", self.output)

    def test_refuses_another_processor_with_advice(self):
        self.assertEqual(self.run_setup(FAKE_MACHINE="aarch64"), 1)
        self.assertIn("PLANISH_TORCH_DIR", self.output)
        self.assertEqual(self.asked, "")

    def test_refuses_an_unknown_argument(self):
        self.assertEqual(self.run_setup("--everything"), 2)


if __name__ == "__main__":
    unittest.main()
