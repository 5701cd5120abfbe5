import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, notTakenOver, recovery } from "./lifecycle.ts"

/** The ARN of a role that Lambda can assume. */
const roleArn = Effect.gen(function* () {
  const calls = callsOf("AWS::IAM::Role", yield* AwsEmulator)
  const Statement = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }]
  const role = { RoleName: "resizer", AssumeRolePolicyDocument: { Version: "2012-10-17", Statement } }
  return (yield* calls.create(role, "op-role")).properties.Arn ?? ""
})

const resize: Lifecycle = {
  type: "AWS::Lambda::Function",
  wanted: (name) =>
    Effect.map(roleArn, (Role) => ({
      FunctionName: `resize-${name}`,
      Role,
      Runtime: "python3.13",
      Handler: "index.handler",
      Code: { ZipFile: "def handler(event, context):\n  return 'hunter2'\n" },
      Description: "Makes pictures smaller",
      Timeout: 30,
      MemorySize: 256,
      Environment: { Variables: { QUALITY: "80" } },
      EphemeralStorage: { Size: 1024 },
      TracingConfig: { Mode: "Active" },
      Architectures: ["arm64"],
      Tags: [
        { Key: "cost", Value: "shop" },
        { Key: "team", Value: "orders" },
      ],
    })),
  unread: ["Code"],
  outputs: ({ Arn = "", Code = null }, name) => {
    assert.match(String(Arn), new RegExp(`^arn:aws:lambda:eu-central-1:\\d+:function:${name}$`))
    return { Arn, Code }
  },
  change: {
    to: {
      Timeout: 60,
      Environment: { Variables: { QUALITY: "90", FORMAT: "webp" } },
      Code: { ZipFile: "def handler(event, context):\n  return 'hunter2 again'\n" },
      Tags: [{ Key: "team", Value: "shipping" }],
    },
    without: ["Description", "MemorySize"],
    read: { MemorySize: 128 },
  },
  secret: "hunter2",
  limitations: { pages: "moto returns all functions in one page" },
}

onMoto("AWS::Lambda::Function on moto", (it) => {
  lifecycle(it, resize)
  recovery(it, resize)
  notTakenOver(it, resize)

  it.effect("gets new code only if other code is wanted", () =>
    Effect.gen(function* () {
      const emulator = yield* AwsEmulator
      const calls = callsOf("AWS::Lambda::Function", emulator)
      const lambda = (yield* AwsClients).lambda({ region: "eu-central-1", endpoint: emulator.endpoint })
      const hash = lambda((client, options) => client.getFunction({ FunctionName: "hashed" }, options)).pipe(
        Effect.map((found) => found.Configuration?.CodeSha256),
      )
      const settings = {
        FunctionName: "hashed",
        Role: yield* roleArn,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
      }
      const first = { ...settings, Code: { ZipFile: "exports.handler = async () => 1" } }
      const second = { ...settings, Timeout: 9, Code: { ZipFile: "exports.handler = async () => 2" } }
      yield* calls.create(first)
      const before = yield* hash
      yield* calls.update("hashed", { ...first, Timeout: 9 }, [{ op: "add", path: "/Timeout", value: 9 }])
      assert.strictEqual(yield* hash, before)
      yield* calls.update("hashed", second, [{ op: "replace", path: "/Code/ZipFile", value: "it" }])
      assert.notStrictEqual(yield* hash, before)
    }),
  )

  it.effect("with text as code for a compiled language is an invalid request", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::Lambda::Function", yield* AwsEmulator)
      const settings = { FunctionName: "wrong", Role: yield* roleArn, Runtime: "java21", Handler: "x" }
      for (const Code of [{ ZipFile: "class X {}" }, {}, { ZipFile: "x", S3Bucket: "b", S3Key: "k" }]) {
        assert.strictEqual((yield* Effect.flip(calls.create({ ...settings, Code }))).code, "InvalidRequest")
      }
    }),
  )
})
