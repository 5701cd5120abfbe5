/** What a document still wants, perhaps under another label: an apply of it makes and deletes none of that. */
import { assert } from "@effect/vitest"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import { cloudResources, inventoryRows, rowsOf } from "./invariants.ts"

/** A thing that stays, and the last call before the apply. */
export interface Staying {
  readonly forma: string
  readonly things: ReadonlyArray<{ readonly type: string; readonly nativeId: string }>
  readonly lastCall: number
}

const bucketType = "FakeAWS::S3::Bucket"
const vpcType = "FakeAWS::EC2::VPC"

const lastCallIn = (cloud: string): number =>
  rowsOf<{ readonly last: number | null }>(cloud, "SELECT max(seq) AS last FROM calls")[0]?.last ?? 0

/** Buckets are known by their names. A VPC is known by its label, and by the one that the document says it had. */
export const stayingThings = (cloud: string, state: string, { moved = [], name, resources }: Forma): Staying => {
  const open = new Set(
    rowsOf<{ readonly label: string }>(
      state,
      `SELECT label FROM operations WHERE settled = 0 AND forma = '${name}'`,
    ).map(({ label }) => label),
  )
  const things = inventoryRows(state).flatMap(({ forma, label, native_id: nativeId, type }) => {
    const there = cloudResources(cloud).find((one) => one.type === type && one.native_id === nativeId)
    if (forma !== name || open.has(label) || there === undefined) return []
    const properties = JSON.parse(there.properties) as { readonly CidrBlock?: string }
    const stays = resources.some((one) => {
      if (one.type !== type || open.has(one.label)) return false
      if (type === bucketType) return one.properties?.["BucketName"] === nativeId
      const isSame = one.label === label || moved.some(({ from, to }) => from === label && to === one.label)
      return type === vpcType && isSame && one.properties?.["CidrBlock"] === properties.CidrBlock
    })
    return stays ? [{ type, nativeId }] : []
  })
  return { forma: name, things, lastCall: lastCallIn(cloud) }
}

export const checkStayed = (cloud: string, state: string, { forma, lastCall, things }: Staying): void => {
  const rows = inventoryRows(state)
  const operations = new Map(
    rowsOf<{ readonly operation_id: string; readonly native_id: string | null; readonly desired: string }>(
      state,
      "SELECT operation_id, native_id, desired FROM operations",
    ).map((one) => [one.operation_id, one]),
  )
  const calls = rowsOf<{
    readonly operation: string
    readonly type: string
    readonly native_id: string
    readonly token: string
  }>(
    cloud,
    `SELECT operation, type, native_id, token FROM calls WHERE seq > ${lastCall} AND operation IN ('create', 'delete')`,
  )
  for (const { nativeId, type } of things) {
    const thing = `${type} ${nativeId}`
    assert.isTrue(
      rows.some((row) => row.forma === forma && row.type === type && row.native_id === nativeId),
      `${thing} is still in the inventory`,
    )
    const sent = calls.filter((call) => {
      // A create that is refused has no native id.
      const { BucketName } = JSON.parse(operations.get(call.token)?.desired ?? "{}") as { readonly BucketName?: string }
      return call.type === type && (call.native_id === nativeId || BucketName === nativeId)
    })
    assert.deepEqual(sent, [], `${thing} is wanted all the time: nothing creates or deletes it`)
  }
}
