/** The short form of `npm run fidelity`: one property of each type. The table has all of them. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { plugin as aws } from "../../../plugins/aws/src/plugin.ts"
import { plugin as azure } from "../../../plugins/azure/src/plugin.ts"
import { readFileSync } from "node:fs"
import { needsMoto } from "../emulators/moto.ts"
import { failuresOf } from "./CaseResult.ts"
import { SqlContainer } from "./azure/cosmos.ts"
import type { Cloud } from "./Cloud.ts"
import {
  azuriteCloud,
  cosmosdbCloud,
  cosmosSubjects,
  dsqlSubjects,
  dynaliteCloud,
  fauxqsCloud,
  motoClouds,
  motoSubjects,
  storageSubjects,
} from "./clouds.ts"
import { runCloud } from "./runCloud.ts"
import type { Subject } from "./Subject.ts"

/** The property that is tried here: one that can be changed in place, where there is one. */
const samples: Readonly<Record<string, string>> = {
  "AWS::S3::Bucket": "PublicAccessBlockConfiguration",
  "AWS::S3::BucketPolicy": "PolicyDocument",
  "AWS::DynamoDB::Table": "BillingMode",
  "AWS::SQS::Queue": "RedrivePolicy",
  "AWS::SNS::Topic": "DisplayName",
  "AWS::SNS::Subscription": "RawMessageDelivery",
  "AWS::SSM::Parameter": "AllowedPattern",
  "AWS::SecretsManager::Secret": "KmsKeyId",
  "AWS::Logs::LogGroup": "RetentionInDays",
  "AWS::IAM::Role": "AssumeRolePolicyDocument",
  "AWS::IAM::ManagedPolicy": "PolicyDocument",
  "AWS::EC2::VPC": "EnableDnsSupport",
  "AWS::EC2::Subnet": "MapPublicIpOnLaunch",
  "AWS::EC2::SecurityGroup": "GroupDescription",
  "AWS::Lambda::Function": "Environment",
  "AWS::DSQL::Cluster": "DeletionProtectionEnabled",
  "Azure::Storage::BlobContainer": "PublicAccess",
  "Azure::Storage::Blob": "ContentType",
  "Azure::Storage::Queue": "Metadata",
  "Azure::Storage::Table": "Name",
  "Azure::DocumentDB::SqlDatabase": "Name",
  "Azure::DocumentDB::SqlContainer": "IndexingPolicy",
}

const trySamples = Effect.fnUntraced(function* <Sdk>(cloud: Cloud<Sdk>) {
  const results = yield* runCloud(cloud, { property: (name, type) => samples[type] === name, whole: false })
  assert.deepStrictEqual(failuresOf(results), [])
  assert.sameMembers(
    results.map(({ type }) => type),
    cloud.subjects.map(({ type }) => type),
  )
})

describe("each property of a type", () => {
  for (const [plugin, subjects] of [
    [aws, [...motoSubjects, ...dsqlSubjects] as ReadonlyArray<Subject<never>>],
    [azure, [...storageSubjects, ...cosmosSubjects] as ReadonlyArray<Subject<never>>],
  ] as const) {
    it(`is in the table of ${plugin.namespace}`, () => {
      assert.sameMembers(
        subjects.map(({ type }) => type),
        [...plugin.types.keys()],
      )
      for (const { capabilities } of plugin.types.values()) {
        const tried = subjects.find(({ type }) => type === capabilities.type)?.cases("name") ?? []
        const settable = Object.entries(capabilities.properties).flatMap(([name, { output }]) => (output ? [] : [name]))
        assert.sameMembers([...new Set(tried.map(({ property }) => property))], settable, capabilities.type)
      }
    })
  }
})

const page = readFileSync(new URL("../../../docs/fidelity.md", import.meta.url), "utf8")

it("docs/fidelity.md has each gap of the tables", () => {
  const subjects: ReadonlyArray<Subject<never>> = [
    ...motoSubjects,
    ...dsqlSubjects,
    ...storageSubjects,
    ...cosmosSubjects,
  ]
  const gaps = subjects.flatMap(({ cases, gaps, gapsAsWhole }) => [
    gaps,
    gapsAsWhole,
    ...cases("name").map((given) => given.gaps),
  ])
  for (const [emulator, reasons] of gaps.flatMap((given = {}) => Object.entries(given))) {
    for (const reason of Object.values(reasons))
      assert.match(page, new RegExp(`^\\| ${emulator} .*${reason} \\|$`, "m"))
  }
})

it.live("a table that says too little, or too much, is found", () =>
  Effect.gen(function* () {
    const cloud = yield* cosmosdbCloud
    const wrong = SqlContainer.cases("name").map((given) =>
      given.property === "DefaultTtl"
        ? { ...given, removed: 60, gaps: { "cosmosdb-server": { change: "forgets the time to live" } } }
        : given,
    )
    const results = yield* runCloud(
      { ...cloud, subjects: [{ ...SqlContainer, cases: () => wrong }] },
      { property: (name) => name === "DefaultTtl", whole: false },
    )
    assert.deepStrictEqual(failuresOf(results), [
      "cosmosdb-server: Azure::DocumentDB::SqlContainer DefaultTtl: change: passes, although the table says: forgets the time to live",
      "cosmosdb-server: Azure::DocumentDB::SqlContainer DefaultTtl: remove: it is nothing, not 60",
    ])
  }).pipe(Effect.scoped),
)

describe("a property of each type", () => {
  describe("with moto", needsMoto, () => {
    it.live("does as it says on moto", () =>
      Effect.flatMap(motoClouds, Effect.forEach(trySamples, { discard: true })).pipe(Effect.scoped),
    )
  })
  it.live("does as it says on dynalite", () => Effect.flatMap(dynaliteCloud, trySamples).pipe(Effect.scoped))
  it.live("does as it says on fauxqs", () => Effect.flatMap(fauxqsCloud, trySamples).pipe(Effect.scoped))
  it.live("does as it says on azurite", () => Effect.flatMap(azuriteCloud, trySamples).pipe(Effect.scoped))
  it.live("does as it says on cosmosdb-server", () => Effect.flatMap(cosmosdbCloud, trySamples).pipe(Effect.scoped))
})
