#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Gives check_layers.py a small tree that keeps every rule, then the same tree with one violation at a time."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).with_name("check_layers.py")
COMPILER = os.environ.get("CXX", "c++")
APACHE = "// SPDX-License-Identifier: Apache-2.0\n"
GPL = "// SPDX-License-Identifier: GPL-3.0-or-later\n"
TABLE = "core/base|plain|\ncore/io|plain|core/base\ngpu|torch|\ncore/model|torch|core/io gpu\ncore/session|torch|core/model\n"

GOOD = {
    "core/base/error.h": APACHE + "#pragma once\n#include <string>\nstruct Error { std::string what; };\n",
    "core/io/reader.h": APACHE + '#pragma once\n#include "core/base/error.h"\nError readFile();\n',
    "core/io/reader.cpp": APACHE + '#include "core/io/reader.h"\nError readFile() { return {}; }\n',
    "core/model/model.h": APACHE + '#pragma once\n#include "core/io/reader.h"\n#include "gpu/kernels.h"\n#include <ATen/core/Tensor.h>\n',
    "core/session/session.h": APACHE + '#pragma once\n#include "core/io/reader.h"\n',
    "gpu/kernels.h": APACHE + "#pragma once\n#include <ATen/core/Tensor.h>\n",
    "gpu/cuda/kernels.cu": APACHE + "#ifdef __CUDACC__\n#endif\n",
    "ui/window.h": GPL + '#pragma once\n#include "core/session/session.h"\n#include <QWidget>\n',
    "ui/plot/plot.cpp": GPL + "#include <qcustomplot.h>\n",
    "app/cli/main.cpp": APACHE + '#include "core/session/session.h"\nint main() {}\n',
    "app/gui/main.cpp": GPL + '#include "ui/window.h"\nint main() {}\n',
    "core/base/README.txt": "not a source\n",
}


class CheckLayers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        for name, text in GOOD.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def append(self, name, text):
        self.write(name, GOOD[name] + text)

    def check(self, *arguments, table=TABLE):
        (self.root / "layers.txt").write_text(table)
        command = [sys.executable, str(CHECK), "--source", str(self.root), "--edges", str(self.root / "layers.txt"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def assert_violation(self, text, *arguments, **keywords):
        result = self.check(*arguments, **keywords)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn(text, result.stdout)
        self.assertIn(" 1 violations", result.stdout)

    def test_accepts_a_tree_that_keeps_the_rules(self):
        result = self.check()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("11 files, 5 layers, 0 violations", result.stdout)

    def test_refuses_an_include_upwards(self):
        self.append("core/io/reader.cpp", '#include "core/session/session.h"\n')
        self.assert_violation("core/io/reader.cpp:4: edge: core/io may not include core/session")

    def test_refuses_an_include_upwards_by_a_relative_path(self):
        self.append("core/io/reader.cpp", '#  include "../session/session.h"\n')
        self.assert_violation("core/io/reader.cpp:4: edge: core/io may not include core/session")

    def test_refuses_core_types_in_gpu(self):
        self.append("gpu/kernels.h", '#include "core/base/error.h"\n')
        self.assert_violation("gpu/kernels.h:4: edge: gpu may not include core/base")

    def test_refuses_the_window_in_core(self):
        self.append("core/session/session.h", '#include "app/cli/main.cpp"\n')
        self.assert_violation("core/session/session.h:4: edge: core/session may not include app/cli/main.cpp")

    def test_refuses_a_folder_that_the_table_does_not_know(self):
        self.write("core/extra/extra.cpp", APACHE)
        self.assert_violation("core/extra/extra.cpp:1: edge: its folder is not in the layer table")

    def test_refuses_a_cycle_in_the_table(self):
        result = self.check(table=TABLE.replace("core/base|plain|", "core/base|plain|core/io"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("layer table: cycle through core/base", result.stdout)

    def test_refuses_an_unknown_folder_in_the_table(self):
        self.assert_violation("core/base names the unknown folder core/oi", table=TABLE.replace("plain|\n", "plain|core/oi\n", 1))

    def test_refuses_libtorch_in_a_plain_layer(self):
        self.append("core/io/reader.cpp", "#include <ATen/core/Tensor.h>\n")
        self.assert_violation("core/io/reader.cpp:4: torch: core/io is a plain layer")

    def test_refuses_libtorch_that_the_window_reaches_through_other_headers(self):
        self.append("core/session/session.h", '#include "core/model/model.h"\n')
        result = self.check()
        self.assertEqual(result.returncode, 1)
        path = "core/session/session.h -> core/model/model.h -> gpu/kernels.h -> <ATen/core/Tensor.h>"
        self.assertIn("ui/window.h:3: torch: reaches LibTorch by " + path, result.stdout)
        self.assertIn("app/cli/main.cpp:2: torch: reaches LibTorch by " + path, result.stdout)

    def test_refuses_libtorch_in_the_command_line(self):
        self.append("app/cli/main.cpp", "#include <c10/core/Device.h>\n")
        self.assert_violation("app/cli/main.cpp:4: torch: <c10/core/Device.h>")

    def test_refuses_the_umbrella_header_in_a_header(self):
        self.append("core/model/model.h", "#include <torch/torch.h>\n")
        self.assert_violation("core/model/model.h:6: torch: the umbrella header <torch/torch.h>")

    def test_refuses_qt_in_core(self):
        self.append("core/io/reader.cpp", "#include <QString>\n")
        self.assert_violation("core/io/reader.cpp:4: qt: <QString>")

    def test_refuses_qt_and_the_window_in_the_command_line(self):
        self.append("app/cli/main.cpp", "#include <QtCore/qglobal.h>\n")
        self.assert_violation("app/cli/main.cpp:4: qt: <QtCore/qglobal.h>")
        self.append("app/cli/main.cpp", '#include "ui/window.h"\n')
        self.assert_violation("app/cli/main.cpp:4: edge: the command line may not include ui")

    def test_refuses_conditionals_on_cuda_outside_gpu(self):
        for line in ("#ifdef USE_CUDA", "# if defined(__CUDACC__)", "#ifndef PLANISH_CUDA", "#if 0\n#elif PLANISH_HAVE_CUDA"):
            self.append("core/model/model.h", line + "\n#endif\n")
            self.assert_violation("cuda: conditional on CUDA outside gpu/")

    def test_refuses_qcustomplot_outside_its_room(self):
        self.append("ui/window.h", "#include <qcustomplot.h>\n")
        self.assert_violation("ui/window.h:5: room: only ui/plot/ may include qcustomplot.h")

    def test_refuses_sentencepiece_outside_its_room(self):
        self.append("core/io/reader.cpp", "#include <sentencepiece_processor.h>\n")
        self.assert_violation("core/io/reader.cpp:4: room:")

    def test_refuses_a_wrong_or_missing_licence_line(self):
        self.write("ui/plot/plot.cpp", APACHE + "#include <qcustomplot.h>\n")
        self.assert_violation("ui/plot/plot.cpp:1: licence: the first line has to be // SPDX-License-Identifier: GPL-3.0-or-later")
        self.write("ui/plot/plot.cpp", "")
        self.assert_violation("ui/plot/plot.cpp:1: licence")

    def build_program(self, name, *libraries):
        source = self.root / "program.cpp"
        source.write_text("int main() {}\n")
        program = self.root / name
        subprocess.run([COMPILER, source, "-o", program, "-Wl,--no-as-needed", *libraries], check=True)
        return str(program)

    def test_refuses_a_qt_library_in_the_link_of_the_command_line(self):
        self.assertEqual(self.check("--cli", self.build_program("plain")).returncode, 0)
        self.assert_violation("qt: the command line may not be linked to libQt6Core", "--cli", self.build_program("linked", "-lQt6Core"))

    def test_refuses_the_engine_in_the_link_of_the_window(self):
        engine = self.root / "libplanish-engine.so"
        subprocess.run([COMPILER, "-shared", "-fPIC", "-x", "c++", "/dev/null", "-o", engine], check=True)
        program = self.build_program("studio", str(engine))
        self.assert_violation("link: the window may not be linked to libplanish-engine.so", "--studio", program)

    def test_refuses_a_program_that_is_not_built(self):
        self.assert_violation("link: is not built", "--cli", str(self.root / "absent"))

    def check_headers(self, options="-include absent.hxx"):
        """Only core/base and core/io: the other folders of the small tree would need Qt and LibTorch."""
        for name in ("core/model/model.h", "gpu/kernels.h", "ui/window.h", "app/gui/main.cpp"):
            (self.root / name).unlink(missing_ok=True)
        build = self.root / "build"
        build.mkdir(exist_ok=True)
        source = self.root / "core/io/reader.cpp"
        command = f"ccache {COMPILER} -I{self.root} -std=c++20 {options} -o reader.o -c {source}"
        (build / "compile_commands.json").write_text(json.dumps([{"directory": str(build), "command": command, "file": str(source)}]))
        return self.check("--build", str(build), "--compiler", COMPILER)

    def test_refuses_a_header_that_does_not_compile_alone(self):
        self.assertEqual(self.check_headers().returncode, 0)
        self.append("core/io/reader.h", "std::vector<int> sizes();\n")
        result = self.check_headers()
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("core/io/reader.h:1: header: does not compile alone: core/io/reader.h:5", result.stdout)

    def test_leaves_out_headers_that_the_build_has_compiled_alone(self):
        result = self.check_headers(options="")  # core/io/reader.cpp includes core/io/reader.h first
        self.assertIn("3 headers, 1 first in a source, 2 compiled", result.stdout)
        self.write("core/io/reader.cpp", APACHE + '#include <string>\n#include "core/io/reader.h"\n')
        self.assertIn("3 headers, 0 first in a source", self.check_headers(options="").stdout)

    def test_compiles_a_header_again_only_after_it_or_what_it_includes_has_changed(self):
        self.assertIn("3 headers, 0 first in a source, 3 compiled", self.check_headers().stdout)
        self.assertIn("3 headers, 0 first in a source, 0 compiled", self.check_headers().stdout)
        self.append("core/base/error.h", "struct Broken { Unknown member; };\n")
        result = self.check_headers()
        self.assertIn(" 3 compiled", result.stdout)
        self.assertIn(" 3 violations", result.stdout)
        self.assertIn(" 3 compiled", self.check_headers().stdout)  # failures are never remembered as passed


if __name__ == "__main__":
    unittest.main()
