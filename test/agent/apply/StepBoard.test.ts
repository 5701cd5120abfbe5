import { assert, describe, it } from "@effect/vitest"
import { makeStepBoard } from "../../../src/agent/apply/StepBoard.ts"
import { canceled } from "../../../src/agent/apply/StepOutcome.ts"
import type { Step } from "../../../src/agent/plan/StepOrder.ts"
import { wanted } from "../plan/planned.ts"

const step = (label: string, ...after: ReadonlyArray<string>): Step => {
  const one = wanted(label)
  return {
    id: label,
    action: "ensure",
    after,
    afterShared: [],
    change: { label, type: one.resource.type, operation: "create", changed: [], wanted: one, dependsOn: after },
  }
}
const ids = (steps: ReadonlyArray<Step>) => steps.map(({ id }) => id)

describe("a step", () => {
  it("may begin once all that it needs has ended, and only once", () => {
    const [net, zone, web, log] = [step("net"), step("zone"), step("web", "net", "zone", "net"), step("log", "zone")]
    const board = makeStepBoard([net, zone, web, log])
    assert.deepEqual(ids(board.free), ["net", "zone"])
    assert.deepEqual(ids(board.write(zone, canceled(zone))), ["log"])
    assert.deepEqual(board.unsuccessfulBefore(log), [{ step: zone, outcome: canceled(zone) }])
    assert.deepEqual(ids(board.write(net, canceled(net))), ["web"])
    assert.deepEqual(ids(board.write(web, canceled(web))), [])
    assert.deepEqual(board.partsOf(web.change), [canceled(web)])
    assert.isUndefined(board.partsOf(log.change))
  })

  it("may begin once all of the lists that it shares with others have ended, and knows what has failed in them", () => {
    const [net, zone, mail] = [step("net"), step("zone"), step("mail")]
    const both = ["net", "zone", "net"]
    const web = { ...step("web", "mail"), afterShared: [both, ["zone"]] }
    const log = { ...step("log"), afterShared: [both, both] }
    const board = makeStepBoard([net, zone, mail, web, log])
    assert.deepEqual(ids(board.free), ["net", "zone", "mail"])
    assert.deepEqual(ids(board.write(net, canceled(net))), [])
    assert.deepEqual(ids(board.write(mail, { ...canceled(mail), failure: undefined })), [])
    assert.deepEqual(ids(board.write(zone, { ...canceled(zone), failure: undefined })), ["log", "web"])
    for (const one of [web, log]) {
      assert.deepEqual(board.unsuccessfulBefore(one), [{ step: net, outcome: canceled(net) }])
    }
  })

  it("is refused where it needs one that does not exist: it would wait for ever", () => {
    assert.throws(() => makeStepBoard([step("web", "net")]), "the step web needs the step net, which does not exist")
  })
})
