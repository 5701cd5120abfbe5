/** Loaded before a program: leaves the peak of its resident memory, in KiB, in the working directory when it exits. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const file = join(process.cwd(), "peak-memory")
process.on("exit", () => writeFileSync(file, /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]))
