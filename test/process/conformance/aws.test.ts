/** The plugin of AWS, on emulators, does what the protocol says. */
import { describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { pluginsFolder } from "../../bundles/folders.ts"
import { tagsOnCreateBucket, tagsOnCreateTable, tokensOnCreateCluster } from "../../sdk/emulators/EmulatorGaps.ts"
import { dynalite } from "../../sdk/emulators/dynalite.ts"
import type { Emulator } from "../../sdk/emulators/Emulator.ts"
import { faultProxy, forwardTo } from "../../sdk/emulators/faultProxy.ts"
import { fauxqs } from "../../sdk/emulators/fauxqs.ts"
import { moto, needsMoto } from "../../sdk/emulators/moto.ts"
import { silence } from "../../sdk/emulators/silence.ts"
import { conforms, folderOf, type Lacks, samplesAt } from "./conforms.ts"

/** As it is built. */
const directory = join(pluginsFolder, "aws")
const settleMillis = 200
/** In milliseconds: several times what a machine needs that has nothing else to do. */
const timeout = 240_000

const ofDynalite = new Set(["AWS::DynamoDB::Table"])
const ofFauxqs = new Set(["AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::SNS::Subscription"])

const toTarget = (emulator: Emulator | undefined) => emulator && { endpoint: emulator.endpoint }

/** AWS takes tags and tokens in one step with a create. Without that, a plugin that is killed between two steps would leave a resource that it cannot find again. */
const whole = {
  tables: dynalite(settleMillis).pipe(Effect.flatMap((emulator) => faultProxy(tagsOnCreateTable(forwardTo(emulator))))),
  rest: moto.pipe(
    Effect.flatMap((emulator) => faultProxy(tokensOnCreateCluster(tagsOnCreateBucket(forwardTo(emulator))))),
  ),
}

const noToken = "moto cuts a page of buckets and gives no token for the next"
const noPages = { "type.listPages": noToken, "type.listMany": noToken }
const noList = "moto has no ListClusters"
const noUpdate = "moto has no UpdateCluster"

const lacksOfDynalite: Lacks = {
  "AWS::DynamoDB::Table": { "type.dropped": "dynalite accepts the deletion of an index, and keeps the index" },
}
const lacksOfMoto: Lacks = {
  "AWS::S3::Bucket": noPages,
  "AWS::S3::BucketPolicy": noPages,
  "AWS::SecretsManager::Secret": { "type.dropped": "moto ignores an empty description" },
  "AWS::DSQL::Cluster": {
    "type.list": noList,
    "type.listPages": noList,
    "type.listMany": noList,
    "type.update": noUpdate,
    "type.dropped": noUpdate,
  },
}

/** Runs the kit on the types that need no moto, or on all 16. */
const conformsOn = (types: number, lacks: Lacks, withMoto: boolean) =>
  Effect.gen(function* () {
    const tables = yield* whole.tables
    const messages = yield* fauxqs
    const rest = withMoto ? yield* whole.rest : undefined
    const emulatorOf = (type: string) => (ofDynalite.has(type) ? tables : ofFauxqs.has(type) ? messages : rest)
    const { endpoint } = yield* silence
    const samples = yield* samplesAt(folderOf("plugins/aws"), (type) => toTarget(emulatorOf(type)), {
      type: "AWS::SQS::Queue",
      target: { endpoint },
    })
    const environment = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" }
    yield* conforms({ directory, samples }, { types, lacks, environment })
  })

describe("the plugin of plugins/aws", () => {
  it.live("conforms", () => conformsOn(16, { ...lacksOfMoto, ...lacksOfDynalite }, true), { timeout, ...needsMoto })

  // What it does there with moto is a part of the test above.
  if (needsMoto.skip === true) {
    it.live(
      "conforms as far as moto is not needed",
      () => conformsOn(ofDynalite.size + ofFauxqs.size, lacksOfDynalite, false),
      timeout,
    )
  }
})
