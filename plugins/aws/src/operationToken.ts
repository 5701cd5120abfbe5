/** The token by which a service recognizes a repeated request. */
import { createHash } from "node:crypto"
import type { OperationId } from "formae/protocol"

/** Services expect 32 to 64 characters, each from an alphabet of its own; all of them accept hexadecimal digits. */
export const operationToken = (operationId: OperationId): string =>
  createHash("sha256").update(operationId).digest("hex")
