import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"
import { checkInvariants } from "../../survival/invariants.ts"
import { main } from "../formaeCommand.ts"
import { inNamespace, needsNamespace } from "../namespaces.ts"

const forma = `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ../cloud.db, region: eu-west-1 } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - { label: one, type: FakeAWS::S3::Bucket, target: cloud, properties: { BucketName: one } }
  - { label: two, type: FakeAWS::S3::Bucket, target: cloud, properties: { BucketName: two, Tags: [{ Key: of, Value: { $ref: one.Arn } }] } }
  - { label: hid, type: FakeAWS::SecretsManager::Secret, target: cloud, properties: { Name: hid, SecretString: s3cr3t } }
`

/** Applies on a disk of $3 kilobytes, frees space, applies again, and copies the state: $0 is node. */
const script = `
mount -t tmpfs -o size="$3"k tmpfs "$1/disk"
cd "$1/disk"
first=0; "$0" "$2" apply ../shop.yaml >../out 2>../err || first=$?
mount -o remount,size=64m "$1/disk"
again=0; "$0" "$2" apply ../shop.yaml >/dev/null || again=$?
cp .formae/state.db ../state.db
echo "$first $again"
`

const badInput = "2 0\n"
const failed = "1 0\n"

describe("a disk that is really full", needsNamespace("mount"), () => {
  /** From space for nothing, through space for the tables alone, to space for a part of the apply. */
  it.live.each([
    [4, badInput],
    [8, badInput],
    [64, badInput],
    [120, badInput],
    [180, badInput],
    [220, badInput],
    [280, failed],
    [300, failed],
    [340, failed],
  ] as const)(
    "of %i KiB is reported with a remedy, and once there is space the same apply continues",
    ([kilobytes, codes]) =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        mkdirSync(join(folder, "disk"))
        writeFileSync(join(folder, "shop.yaml"), forma)
        const ended = yield* Effect.callback<string>((resume) => {
          const [unshare, ...args] = inNamespace("mount", script, process.execPath, folder, main, String(kilobytes))
          const child = execFile(unshare, args, (_, stdout) => resume(Effect.succeed(stdout)))
          return Effect.sync(() => child.kill("SIGKILL"))
        })
        const stderr = readFileSync(join(folder, "err"), "utf8")
        assert.strictEqual(ended, codes, stderr)
        assert.include(stderr, "The state file .formae/state.db cannot be used: the disk is full.")
        assert.include(stderr, "Free some space on the disk of .formae/state.db, and run the same command again")
        checkInvariants(join(folder, "cloud.db"), join(folder, "state.db"))
      }),
  )
})
