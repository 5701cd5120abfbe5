/** Answers on a bare pipe: a line of JSON in, a line of JSON out. */
import { onLines } from "../../work/onLines.ts"
import { checkLargeProperties } from "../../work/LargeProperties.ts"
import { answerOf } from "../../work/Read.ts"

onLines(process.stdin, (line) => {
  const { id, request, properties } = JSON.parse(line)
  const answer = properties === undefined ? answerOf(request) : checkLargeProperties(properties)
  process.stdout.write(`${JSON.stringify({ id, answer })}\n`)
})
