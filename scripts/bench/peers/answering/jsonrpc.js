/** Answers with vscode-jsonrpc on stdio. */
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node"
import { checkLargeProperties } from "../../work/LargeProperties.ts"
import { answerOf } from "../../work/Read.ts"

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
)
connection.onRequest("Read", answerOf)
connection.onRequest("Create", checkLargeProperties)
connection.onClose(() => process.exit(0))
connection.listen()
