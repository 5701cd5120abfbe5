import { assert, it } from "@effect/vitest"
import { type Check, runChecks } from "../../scripts/checks/runChecks.ts"

const shell = (name: string, command: string): Check => ({ name, program: "sh", args: ["-c", command] })

const runAll = async (...checks: ReadonlyArray<Check>) => {
  const said: Array<string> = []
  const failed = await runChecks(checks, (text) => said.push(text))
  return { failed, said: said.toSorted() }
}

it("names each check that fails, in their order, and shows what each has said in one piece", async () => {
  const { failed, said } = await runAll(
    shell("slow", "echo one; sleep 0.1; echo two >&2; exit 3"),
    shell("quick", "echo three"),
    shell("silent", "true"),
    { name: "missing", program: "/there/is/none", args: [] },
  )
  assert.deepEqual(failed, ["slow", "missing"])
  assert.deepEqual(said, [
    "FAILED: missing\nspawn /there/is/none ENOENT\n\n",
    "FAILED: slow\none\ntwo\n\n",
    "passed: quick\nthree\n\n",
    "passed: silent\n",
  ])
})

it("fails a check that is killed, whatever it has said", async () => {
  const { failed, said } = await runAll(shell("types", "echo no mistakes; kill -9 $$"))
  assert.deepEqual(failed, ["types"])
  assert.deepEqual(said, ["FAILED: types\nno mistakes\nIt was ended by SIGKILL\n\n"])
})

it("lets all of them run at once", async () => {
  // Each waits for the other one, which would be for ever.
  const { failed } = await runAll(
    shell(
      "one",
      "mkdir /tmp/formae-check-$PPID-1; until rmdir /tmp/formae-check-$PPID-2 2> /dev/null; do sleep 0.01; done",
    ),
    shell(
      "two",
      "mkdir /tmp/formae-check-$PPID-2; until rmdir /tmp/formae-check-$PPID-1 2> /dev/null; do sleep 0.01; done",
    ),
  )
  assert.deepEqual(failed, [])
})
