/** Answers on a bare pipe, one line of JSON for each line of JSON. */
import { onLines } from "../../work/onLines.ts"
import { checkLargeProperties } from "../../work/LargeProperties.ts"
import { answerOf } from "../../work/Read.ts"

onLines(process.stdin, (line) => {
  const { id, request, properties } = JSON.parse(line)
  const answer = properties === undefined ? answerOf(request) : checkLargeProperties(properties)
  process.stdout.write(`${JSON.stringify({ id, answer })}\n`)
})
