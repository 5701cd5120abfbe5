import { layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { amzTarget } from "../emulators/EmulatorGaps.ts"
import { dynalite } from "../emulators/dynalite.ts"
import { type Call, type Fault, faultProxy, forwardTo, type Service } from "../emulators/faultProxy.ts"
import { fauxqs } from "../emulators/fauxqs.ts"
import {
  notRetried,
  type Case,
  type Check,
  retriesExhausted,
  succeedsAfter,
  twice,
  applyWithFaults,
} from "./applyWithFaults.ts"

const json = (status: number, __type: string, message: string): Fault => ({
  _tag: "Answers",
  answer: {
    status,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${__type}`, message }),
  },
})
const throttled = json(400, "ThrottlingException", "Rate exceeded")
const unavailable = json(503, "ServiceUnavailable", "Not now")
const denied = json(400, "AccessDeniedException", "User: it is not authorized to perform: dynamodb:CreateTable")
const invalid = json(400, "ValidationException", "Not like this")

const slowDown: Fault = {
  _tag: "Answers",
  answer: {
    status: 503,
    headers: { "content-type": "application/xml" },
    body: "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
  },
}

const keys = {
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
}

const isOf = (operation: string, table: string) => (call: Call) =>
  amzTarget(call) === operation && call.body.includes(`"${table}"`)

const table = (
  label: string,
  name: string,
  outcome: Pick<Case, "calls" | "code" | "faults">,
  operation = "CreateTable",
): Case => ({
  name,
  label,
  type: "AWS::DynamoDB::Table",
  properties: { TableName: label, ...keys, Tags: [{ Key: "after", Value: { $ref: "first.Arn" } }] },
  matches: isOf(operation, label),
  isAttempt: operation === "CreateTable",
  ...outcome,
})

const cases: ReadonlyArray<Case> = [
  table("throttled", "throttling (400) is retried", succeedsAfter(twice(throttled))),
  table("unavailable", "503 is retried", succeedsAfter(twice(unavailable))),
  table("reset", "a connection that is reset is retried", succeedsAfter(twice({ _tag: "Resets" }))),
  table("hanging", "a call that hangs times out and is retried", succeedsAfter([{ _tag: "Hangs" }])),
  table(
    "all-of-it",
    "several faults one after another are retried",
    succeedsAfter([throttled, unavailable, { _tag: "Resets" }]),
  ),
  {
    ...table("throttled-status", "a throttled status call is retried, and the table is not created again", {
      faults: [],
      calls: 1,
    }),
    matches: isOf("DescribeTable", "throttled-status"),
    faults: twice(throttled),
    counted: isOf("CreateTable", "throttled-status"),
  },
  table(
    "status-too-often",
    "a status call that is throttled for ever is retried only three times",
    retriesExhausted(throttled, "Throttling"),
    "DescribeTable",
  ),
  table("too-often", "throttling for ever is Throttling", retriesExhausted(throttled, "Throttling")),
  table("never-there", "503 for ever is ServiceInternalError", retriesExhausted(unavailable, "ServiceInternalError")),
  table("no-network", "resets for ever are NetworkFailure", retriesExhausted({ _tag: "Resets" }, "NetworkFailure")),
  table("denied", "AccessDenied is not retried", notRetried(denied, "AccessDenied")),
  table("invalid", "InvalidRequest is not retried", notRetried(invalid, "InvalidRequest")),
  {
    name: "SlowDown (503) of S3 is retried",
    label: "slowed-down",
    type: "AWS::S3::Bucket",
    properties: { BucketName: "slowed-down", Tags: [{ Key: "after", Value: { $ref: "first.Arn" } }] },
    matches: ({ method, url }) => method === "PUT" && /^\/slowed-down\/?$/.test(url),
    isAttempt: true,
    ...succeedsAfter(twice(slowDown)),
  },
]

class Outcomes extends Context.Service<Outcomes, Check>()("formae/test/sdk/faults/aws.test/Outcomes") {}

const layerOutcomes = Layer.effect(
  Outcomes,
  Effect.gen(function* () {
    const [tables, others] = [forwardTo(yield* dynalite(0)), forwardTo(yield* fauxqs)]
    const either: Service = (call) => (amzTarget(call) === "" ? others(call) : tables(call))
    const proxy = yield* faultProxy(either)
    const config = { region: "us-east-1", endpoint: proxy.endpoint }
    const first = { type: "AWS::DynamoDB::Table", properties: { TableName: "first", ...keys } }
    return yield* applyWithFaults(proxy, "AWS", config, first, cases)
  }),
)

layer(layerOutcomes, { excludeTestServices: true, timeout: "2 minutes" })("faults of AWS", (it) => {
  for (const one of cases) {
    it.effect(`${one.name}: ${one.calls} calls`, () => Effect.map(Outcomes, (check) => check(one)))
  }
})
