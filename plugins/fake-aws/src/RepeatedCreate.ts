/** A create that may have been sent before: what the cloud does with it, and how it is found again. */
import { ProviderError } from "formae/plugin"
import { type Idempotency, NativeId, type OperationId, type Properties, type ResourceType } from "formae/protocol"
import * as Result from "effect/Result"
import type { CloudResourceSpec } from "./CloudResourceSpec.ts"
import type { Row, Tables } from "./Tables.ts"
import type { Target } from "./Target.ts"

interface Creation<P extends Properties> {
  readonly operationId: OperationId
  readonly resourceType: ResourceType
  readonly target: Target
  readonly properties: P
  readonly createdAt: number
  /** The number of this call. */
  readonly seq: number
}

/**
 * The resource that this operation created earlier, or else a new one. The same
 * transaction writes the native id into the call, so a call that was cut short
 * and has a native id did its work.
 */
export const createOnce = <P extends Properties>(
  tables: Tables,
  spec: CloudResourceSpec<P>,
  creation: Creation<P>,
): Result.Result<Row, ProviderError> =>
  Result.map(
    Result.flatMap(findEarlier(tables, spec, creation), (row) =>
      row === undefined ? insert(tables, spec, creation) : Result.succeed(row),
    ),
    (row) => {
      tables.nameCall(creation.seq, row.nativeId)
      return row
    },
  )

/** What an earlier create with the same operation id made, as far as this kind of cloud can know. */
const findEarlier = <P extends Properties>(
  tables: Tables,
  { idempotency, nativeId }: CloudResourceSpec<P>,
  { operationId, properties, resourceType, target }: Creation<P>,
): Result.Result<Row | undefined, ProviderError> => {
  switch (idempotency) {
    case "name": {
      const row = tables.find(resourceType, nativeId({ id: "", properties, target }))
      return row === undefined || row.token === operationId
        ? Result.succeed(row)
        : Result.fail(ProviderError.of("AlreadyExists", `${row.nativeId} exists, but another operation created it`))
    }
    // A token is sent with the create; a tag is looked for before it. In one transaction there is no difference.
    case "token":
    case "tag":
      return Result.succeed(tables.findByToken(resourceType, operationId))
    case "none":
      return Result.succeed(undefined)
  }
}

/** Whether this kind of cloud can say what an operation created. A token is only accepted with a create. */
export const supportsRecovery = (idempotency: Idempotency): boolean => idempotency === "name" || idempotency === "tag"

/** What an operation created, found by its tag or by the name that its properties give. */
export const findCreated = <P extends Properties>(
  tables: Tables,
  { idempotency, nativeId }: CloudResourceSpec<P>,
  {
    operationId,
    properties,
    resourceType,
    target,
  }: Pick<Creation<P>, "operationId" | "properties" | "resourceType" | "target">,
): Row | undefined => {
  if (idempotency === "tag") return tables.findByToken(resourceType, operationId)
  const row = tables.find(resourceType, nativeId({ id: "", properties, target }))
  return row?.token === operationId ? row : undefined
}

const insert = <P extends Properties>(
  tables: Tables,
  spec: CloudResourceSpec<P>,
  { createdAt, operationId, properties, resourceType, target }: Creation<P>,
): Result.Result<Row, ProviderError> => {
  const refusal = spec.refuseCreate?.(tables, properties)
  if (refusal !== undefined) return Result.fail(refusal)
  const nativeId = NativeId.make(spec.nativeId({ id: tables.newId(), properties, target }))
  const row: Row = {
    nativeId,
    properties: { ...properties, ...spec.outputs(nativeId, properties) },
    token: operationId,
    createdAt,
  }
  tables.insert(resourceType, row)
  return Result.succeed(row)
}
