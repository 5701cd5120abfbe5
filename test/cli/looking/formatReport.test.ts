/** How the state of a resource is shown. */
import { assert, describe, it } from "@effect/vitest"
import type { PastOperation, ResourceReport } from "../../../src/agent/index.ts"
import { formatReport } from "../../../src/cli/looking/formatReport.ts"
import { linesToWrite } from "../../../src/cli/Outputs.ts"
import { widthOf } from "../../../src/cli/textWidth.ts"
import { NativeId, OperationId, ResourceType } from "../../../src/protocol/Identity.ts"

const past = (index: number, more: Partial<PastOperation> = {}): PastOperation => ({
  operationId: OperationId.make(`operation-${index}`),
  command: "apply",
  commandId: "command-1",
  label: "net",
  kind: "Update",
  status: "Succeeded",
  closed: true,
  nativeId: NativeId.make("vpc-1"),
  sent: 1,
  startedAt: index * 60_000,
  updatedAt: index * 60_000 + 1_500,
  failure: null,
  ...more,
})

const report: ResourceReport = {
  forma: "shop",
  label: "net",
  type: ResourceType.make("FakeAWS::EC2::VPC"),
  target: "cloud",
  place: null,
  nativeId: NativeId.make("vpc-1"),
  dependsOn: [],
  wanted: { CidrBlock: "10.0.0.0/16", Tags: [], Policy: '{"Version":"1","List":[1,2]}' },
  secrets: ["Password"],
  lastRead: { CidrBlock: "10.1.0.0/16", Tags: [], VpcId: "vpc-1" },
  readAt: null,
  goneSince: null,
  drifts: [],
  outputs: { VpcId: "vpc-1" },
  open: [],
  history: [past(1)],
}

const shown = (one: ResourceReport, width?: number) => linesToWrite(formatReport(one, width), false)

describe("the report on a resource", () => {
  it("says where the provider has something else than what is wanted", () => {
    const lines = shown(report)
    assert.deepEqual(lines.slice(lines.indexOf("WANTED"), lines.indexOf("HISTORY")), [
      "WANTED",
      '  CidrBlock: "10.0.0.0/16"',
      "  Tags: []",
      "  Policy:",
      "      {",
      '        "Version": "1",',
      '        "List": [',
      "          1,",
      "          2",
      "        ]",
      "      }",
      "  Password: (secret)",
      "",
      "LAST READ",
      '  CidrBlock: "10.1.0.0/16"',
      "  not returned by the provider: Policy",
      "  the rest is as wanted",
      "",
      "OUTPUTS",
      '  VpcId: "vpc-1"',
      "",
    ])
    assert.include(shown({ ...report, lastRead: null }), "  not read yet")
  })

  it("does not call as wanted what has drifted, and says so of a secret without its value", () => {
    const drift = { path: "/Tags/0", since: 1, endedAt: null, endedBy: null }
    const same = { ...report, wanted: { Tags: [] }, lastRead: { Tags: [] } }
    const read = (drifts: ResourceReport["drifts"], wanted: ResourceReport["wanted"] = same.wanted) => {
      const lines = shown({ ...same, wanted, drifts })
      return lines.slice(lines.indexOf("LAST READ") + 1, lines.indexOf("OUTPUTS") - 1)
    }
    assert.deepEqual(read([]), ["  as wanted"])
    assert.deepEqual(read([{ ...drift, endedAt: 2, endedBy: "apply" }]), ["  as wanted"])
    assert.deepEqual(read([drift]), ["  Tags: []"])
    const ofSecret = { ...drift, path: "/Pass~1word" }
    assert.deepEqual(read([ofSecret]), ["  Pass/word: changed elsewhere", "  the rest is as wanted"])
    assert.deepEqual(read([ofSecret], {}), ["  Pass/word: changed elsewhere"])
  })

  it("names the way out of an operation that is open", () => {
    const operation = {
      operationId: OperationId.make("operation-2"),
      kind: "Create",
      forma: "my shop",
      label: "net",
    } as const
    const lines = (status: PastOperation["status"]) =>
      shown({ ...report, open: [{ operation, status, failure: null }], history: [past(1, { status, closed: false })] })
    assert.include(
      lines("InProgress").join("\n"),
      `create: it was cut off, and its end is not known. "formae resume 'my shop'" continues it`,
    )
    assert.include(lines("NeedsAttention").join("\n"), `"formae adopt net NATIVE_ID --forma 'my shop'"`)
    assert.match(lines("NeedsAttention").at(-1) ?? "", /apply +update +to settle +vpc-1$/)
  })

  it("says why an operation has failed, and counts those that are too many", () => {
    const failure = { code: "AccessDenied", message: "no" }
    const history = [...Array.from({ length: 24 }, (_, index) => past(index)), past(24, { status: "Failed", failure })]
    const lines = shown({ ...report, history })
    assert.strictEqual(lines.filter((line) => line.includes("apply")).length, 20)
    assert.include(lines, "5 older operations are not shown; --json has all")
    assert.include(lines, "update of 1970-01-01T00:24:00Z: AccessDenied: no")
    assert.include(shown({ ...report, history: [] }).at(-1), "30 days")
  })

  it("fits the terminal, and cannot steer it", () => {
    const hostile = `\u001b[2J\n${"x".repeat(4_000)}`
    for (const width of [60, 100]) {
      const lines = shown({ ...report, wanted: { [hostile]: hostile, Long: "y".repeat(500) } }, width)
      for (const line of lines) {
        assert.isAtMost(widthOf(line), width, line)
        assert.notInclude(line, "\u001b")
      }
    }
  })
})
