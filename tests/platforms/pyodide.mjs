// Run the core's tests inside Pyodide, the Python of browser notebooks, under Node, and the notebooks
// that say that they run there:
//
//     npm install pyodide
//     pip download --no-deps --only-binary=:all: --platform any --python-version 3.14 -d WHEELS \
//         pytest pluggy iniconfig packaging pygments hypothesis sortedcontainers mpmath
//     node --stack-size=2000 tests/platforms/pyodide.mjs WHEELS
//
// The engine, its derivatives, the step-through, the lecture's examples and the networks are
// tested; NumPy, matplotlib and numba are not at hand here, and neither is a renderer, which must say so.

import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const wheels = resolve(process.argv[2] ?? "wheels");

// Where `npm install` was run, which need not be the checkout.
const { loadPyodide } = createRequire(join(process.cwd(), "anywhere.js"))("pyodide");
const pyodide = await loadPyodide();
pyodide.mountNodeFS("/checkout", checkout);
pyodide.mountNodeFS("/wheels", wheels);

const status = await pyodide.runPythonAsync(`
import os, sys, zipfile

for name in ${JSON.stringify(readdirSync(wheels).filter((name) => name.endsWith(".whl")))}:
    zipfile.ZipFile(f"/wheels/{name}").extractall("/packages")
sys.path[:0] = ["/packages", "/checkout"]
sys.dont_write_bytecode = True
os.chdir("/checkout")

from tests.platforms import core, notebooks
core.draw_says_what_is_missing()
notebooks.main()

import pytest
int(pytest.main(["-q", "-p", "no:cacheprovider", "-k", core.SHALLOW, *core.files()]))
`);
process.exit(status);
