/** Answers with vscode-jsonrpc on stdio. */
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node"
import { answerOf, checkLarge } from "../../work/Read.ts"

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
)
connection.onRequest("Read", answerOf)
connection.onRequest("Create", checkLarge)
connection.onClose(() => process.exit(0))
connection.listen()
