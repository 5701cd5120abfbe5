import { execFileSync } from "node:child_process"

/** From now on all threads of the process run on `cores`, such as `0` or `0,1`. Needs `taskset`. */
export const pin = (pid: number, cores: string): void => {
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, String(pid)], { stdio: "ignore" })
}
