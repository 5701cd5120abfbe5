// The agent runs a module for Node. This one starts the plugin, which is in Python, on its own stdin, stdout and
// stderr, and ends as it ends. Both are in one process group, so the signals of the agent reach both.
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const program = fileURLToPath(new URL("plugin.py", import.meta.url))
const python = spawn("python3", ["-B", program], { stdio: "inherit" })

const ignore = () => {}
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, ignore)

python.on("error", ({ code }) => {
  const reason = code === "ENOENT" ? "no python3 is on the PATH: install Python 3.9 or later" : `python3: ${code}`
  process.stderr.write(`The plugin Ledger can not start, ${reason}\n`)
  process.exitCode = 69
})
python.on("exit", (code, signal) => {
  if (signal === null) return process.exit(code)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
