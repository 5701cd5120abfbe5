/**
 * What tests need of a machine beside Node: programs, a registry. Where it is
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

/** Whether a program runs, which is more than that there is one: a shim may lead nowhere. */
const runs = (program: string): boolean => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0

/** Options of a test or a suite that needs `what`: a program, unless told whether it is there. */
export const needs = (what: string, isThere: boolean = runs(what)): Pick<TestOptions, "skip" | "meta"> =>
  isThere ? {} : { skip: true, meta: { missing: what } }
