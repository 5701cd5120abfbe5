import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { makeFolder } from "../../process/formaeCommand.ts"
import { azurite } from "../emulators/azurite.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"
import { moto, needsMoto } from "../emulators/moto.ts"
import { type Clouds, clientsOf, threeClouds } from "./threeClouds.ts"

const emulators = Effect.all({ aws: moto, azure: azurite, cosmos: cosmosdb }).pipe(Effect.provide(NodeServices.layer))

/** The operation on each label, with the changed properties. */
const operationsIn = ({ resources }: CommandResult) =>
  Object.fromEntries(
    resources.flatMap(({ changed, label, operation }) =>
      operation === "noop" ? [] : [[label, [operation, ...changed].join(" ")]],
    ),
  )

/** The same document with other labels. */
const renamed = (document: ReturnType<typeof threeClouds>): unknown =>
  JSON.parse(JSON.stringify(document).replace(/("label":"|"\$ref":")/g, "$1new-"))

describe("AWS (moto), Azure and FakeAWS in one document", needsMoto, () => {
  it.live(
    "P8: a second apply changes nothing, changes made elsewhere are corrected, and a destroy empties all clouds",
    () =>
      Effect.gen(function* () {
        const { at, formae, write } = yield* makeFolder
        const { aws, azure, cosmos } = yield* emulators
        const { connectionString } = azure
        const clouds: Clouds = {
          aws: aws.endpoint,
          connectionString,
          cosmos: cosmos.endpoint,
          fake: at("cloud.db"),
        }
        const { awsNames, azureNames, blobs, fakeRows, queues, s3, sqs, ssm } = clientsOf(clouds)
        const document = threeClouds(clouds)
        write("three.json", JSON.stringify(document))
        const run = Effect.fnUntraced(function* (command: string) {
          const { code, stderr, stdout } = yield* formae(command, "three.json", "--json")
          assert.strictEqual(code, 0, `${stderr}${stdout}`)
          return operationsIn(JSON.parse(stdout) as CommandResult)
        })
        const forAll = (what: string) => Object.fromEntries(document.resources.map(({ label }) => [label, what]))

        assert.deepStrictEqual(yield* run("apply"), forAll("create"))
        const parameter = yield* Effect.promise(() => ssm.getParameter({ Name: "/shop/pictures" }))
        const pictures = blobs.getContainerClient("pictures")
        assert.strictEqual(parameter.Parameter?.Value, pictures.url)
        const errands = queues.getQueueClient("errands")
        const { QueueUrl } = yield* Effect.promise(() => sqs.getQueueUrl({ QueueName: "work" }))
        const { Attributes } = yield* Effect.promise(() =>
          sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["QueueArn"] }),
        )
        const queue = yield* Effect.promise(() => errands.getProperties())
        assert.strictEqual(queue.metadata?.["relayedto"], Attributes?.["QueueArn"])
        const [copies] = yield* fakeRows
        assert.include(copies?.properties, "arn:aws:s3:::receipts")
        assert.include(copies?.properties, pictures.url)

        assert.deepStrictEqual(yield* run("apply"), {})

        yield* Effect.promise(() => errands.setMetadata({ ...queue.metadata, relayedto: "nobody" }))
        yield* Effect.promise(() =>
          s3.putBucketVersioning({ Bucket: "receipts", VersioningConfiguration: { Status: "Suspended" } }),
        )
        yield* Effect.promise(() => ssm.deleteParameter({ Name: "/shop/pictures" }))
        const drift = {
          errands: "update Metadata",
          receipts: "update VersioningConfiguration",
          "where-pictures-are": "create",
        }
        assert.deepStrictEqual(yield* run("plan"), drift)
        assert.deepStrictEqual(yield* run("apply"), drift)
        const corrected = yield* Effect.promise(() => errands.getProperties())
        assert.deepStrictEqual(corrected.metadata, queue.metadata)
        const versioning = yield* Effect.promise(() => s3.getBucketVersioning({ Bucket: "receipts" }))
        assert.strictEqual(versioning.Status, "Enabled")
        const again = yield* Effect.promise(() => ssm.getParameter({ Name: "/shop/pictures" }))
        assert.strictEqual(again.Parameter?.Value, pictures.url)
        assert.deepStrictEqual(yield* run("apply"), {})

        // P13: only the labels differ, so nothing is done in any cloud.
        write("three.json", JSON.stringify(renamed(document)))
        assert.deepStrictEqual(yield* run("plan"), {})
        assert.deepStrictEqual(yield* run("apply"), {})

        assert.deepStrictEqual((yield* awsNames).toSorted(), ["/shop/pictures", "receipts", "work"])
        assert.deepStrictEqual((yield* azureNames).toSorted(), ["errands", "pictures", "shop"])
        const deleted = Object.entries(forAll("delete")).map(([label, what]) => [`new-${label}`, what])
        assert.deepStrictEqual(yield* run("destroy"), Object.fromEntries(deleted))
        assert.deepStrictEqual([yield* awsNames, yield* azureNames, yield* fakeRows], [[], [], []])
      }),
    120_000,
  )
})
