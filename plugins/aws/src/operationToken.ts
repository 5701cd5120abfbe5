/** What a service is given to know a repeated request by. */
import { createHash } from "node:crypto"
import type { OperationId } from "formae/protocol"

/** Services want 32 to 64 characters, each of its own alphabet; hexadecimal digits are in all of them. */
export const operationToken = (operationId: OperationId): string =>
  createHash("sha256").update(operationId).digest("hex")
