/**
 * What tests need of a machine besides Node, such as a program. Where it is
 * missing they are skipped, and the last line of the run says so.
 */
import { spawnSync } from "node:child_process"
import type { TestOptions } from "vitest"

declare module "vitest" {
  interface TaskMeta {
    /** Why this test is skipped: what is not there. */
    readonly missing?: string
  }
}

const known = new Map<string, boolean>()

/** That it is on the PATH is not enough: a shim may lead nowhere. One worker asks once, for all its files. */
const runs = (program: string): boolean => {
  const found = known.get(program) ?? spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0
  known.set(program, found)
  return found
}

/** Options of a test or a suite that needs `what`: the name of a program, unless `isThere` is given. */
export const needs = (what: string, isThere: boolean = runs(what)): Pick<TestOptions, "skip" | "meta"> =>
  isThere ? {} : { skip: true, meta: { missing: what } }
