// Runs drive.py in Python 3.14 as WebAssembly, with the packages of a folder; what it is asked and answers is JSON in files.
import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [packages, script, asked, answered] = process.argv.slice(2);
const python = await loadPyodide({ env: { COLUMNS: "100", HOME: "/home/pyodide" } });
python.mountNodeFS("/packages", packages);
python.globals.set("script", readFileSync(script, "utf-8"));
python.globals.set("asked", readFileSync(asked, "utf-8"));
const answer = python.runPython(`
import sys
sys.path.insert(0, "/packages")
names = {"__name__": "drive"}
exec(compile(script, "drive.py", "exec"), names)
names["main"](asked)
`);
writeFileSync(answered, answer);
