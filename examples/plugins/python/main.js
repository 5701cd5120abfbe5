// The agent runs a Node module. This one starts the Python plugin on its own stdin, stdout and stderr, and exits as
// the plugin exits. Both are in one process group, so the agent's signals reach both.
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const program = fileURLToPath(new URL("plugin.py", import.meta.url))
const python = spawn("python3", ["-B", program], { stdio: "inherit" })

const ignore = () => {}
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, ignore)

python.on("error", ({ code }) => {
  const reason = code === "ENOENT" ? "there is no python3 on the PATH. Install Python 3.9 or later" : `python3: ${code}`
  process.stderr.write(`The plugin Ledger cannot start: ${reason}\n`)
  process.exitCode = 69
})
python.on("exit", (code, signal) => {
  if (signal === null) return process.exit(code)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
