/** The plugin of AWS, on emulators, does what the protocol says. */
import { describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { pluginsFolder } from "../../bundles/folders.ts"
import { tagsOnCreateBucket, tagsOnCreateTable, tokensOnCreateCluster } from "../../sdk/emulators/EmulatorGaps.ts"
import { dynalite } from "../../sdk/emulators/dynalite.ts"
import type { Emulator } from "../../sdk/emulators/Emulator.ts"
import { faultProxy, forwardTo } from "../../sdk/emulators/faultProxy.ts"
import { fauxqs } from "../../sdk/emulators/fauxqs.ts"
import { moto, motoIsInstalled } from "../../sdk/emulators/moto.ts"
import { silence } from "../../sdk/emulators/silence.ts"
import { conforms, folderOf, type Lacks, samplesAt } from "./conforms.ts"

/** As it is built. */
const directory = join(pluginsFolder, "aws")
const settleMillis = 200

const ofDynalite = ["AWS::DynamoDB::Table"]
const ofFauxqs = ["AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::SNS::Subscription"]

const toTarget = (emulator: Emulator | undefined) => emulator && { endpoint: emulator.endpoint }

const withMoto = await motoIsInstalled.pipe(Effect.provide(NodeServices.layer), Effect.runPromise)
if (!withMoto) {
  process.stderr.write("The kit on 12 of the 16 types of AWS: skipped, because moto_server is not on the PATH\n")
}

/** Without what AWS does in one step with a create, a plugin that is killed between two would leave what nobody can know. */
const whole = {
  tables: dynalite(settleMillis).pipe(Effect.flatMap((emulator) => faultProxy(tagsOnCreateTable(forwardTo(emulator))))),
  rest: moto.pipe(
    Effect.flatMap((emulator) => faultProxy(tokensOnCreateCluster(tagsOnCreateBucket(forwardTo(emulator))))),
  ),
}

const noToken = "moto cuts a page of buckets and gives no token for the next"
const noList = "moto has no ListClusters"

const lacksOfMoto: Lacks = {
  "AWS::S3::Bucket": { "type.listPages": noToken },
  "AWS::S3::BucketPolicy": { "type.listPages": noToken },
  "AWS::DSQL::Cluster": {
    "type.list": noList,
    "type.listPages": noList,
    "type.update": "moto has no UpdateCluster",
    "type.killed": "one cluster is made of the create that is sent again; what there is besides can not be listed",
  },
}

describe("the plugin of plugins/aws", () => {
  it.live(
    "conforms",
    () =>
      Effect.gen(function* () {
        const tables = yield* whole.tables
        const messages = yield* fauxqs
        const rest = withMoto ? yield* whole.rest : undefined
        const emulatorOf = (type: string) =>
          ofDynalite.includes(type) ? tables : ofFauxqs.includes(type) ? messages : rest
        const { endpoint } = yield* silence
        const samples = yield* samplesAt(folderOf("plugins/aws"), (type) => toTarget(emulatorOf(type)), {
          type: "AWS::SQS::Queue",
          target: { endpoint },
        })
        yield* conforms(
          { directory, samples },
          {
            types: withMoto ? 16 : ofDynalite.length + ofFauxqs.length,
            lacks: withMoto ? lacksOfMoto : {},
            environment: { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
          },
        )
      }).pipe(Effect.provide([NodeServices.layer, FetchHttpClient.layer])),
    120_000,
  )
})
