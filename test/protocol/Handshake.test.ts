import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { chooseProtocol, formatProtocol, type ProtocolRange, supportedProtocol } from "../../src/protocol/Handshake.ts"

const range = (min: number, max: number): ProtocolRange => ({ min, max })
const small = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 }))

describe("the version of the protocol", () => {
  it.each<[ProtocolRange, ProtocolRange, number | undefined]>([
    [range(1, 1), range(1, 1), 1],
    [range(1, 3), range(2, 5), 3],
    [range(2, 5), range(1, 3), 3],
    [range(1, 5), range(2, 3), 3],
    [range(1, 2), range(2, 9), 2],
    [range(1, 2), range(3, 4), undefined],
    [range(3, 4), range(1, 2), undefined],
  ])("of %j and %j is %s", (ours, theirs, version) => {
    assert.strictEqual(chooseProtocol(ours, theirs), version)
  })

  it.prop("is the highest that both speak, whoever asks", [small, small, small, small], ([a, b, c, d]) => {
    const ours = range(Math.min(a, b), Math.max(a, b))
    const theirs = range(Math.min(c, d), Math.max(c, d))
    const speak = ({ max, min }: ProtocolRange, version: number) => version >= min && version <= max
    const common = [0, 1, 2, 3, 4, 5, 6].filter((version) => speak(ours, version) && speak(theirs, version))
    assert.strictEqual(chooseProtocol(ours, theirs), common.at(-1))
    assert.strictEqual(chooseProtocol(theirs, ours), common.at(-1))
  })

  it("is written as people write it", () => {
    assert.deepEqual([formatProtocol(supportedProtocol), formatProtocol(range(2, 4))], ["1", "2 to 4"])
  })
})
