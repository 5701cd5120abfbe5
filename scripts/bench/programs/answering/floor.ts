/** Answers on a bare pipe: a line of JSON in, a line of JSON out. */
import { onLines } from "../../work/onLines.ts"
import { answerOf, checkLarge } from "../../work/Read.ts"

onLines(process.stdin, (line) => {
  const { id, request, properties } = JSON.parse(line)
  const answer = properties === undefined ? answerOf(request) : checkLarge(properties)
  process.stdout.write(`${JSON.stringify({ id, answer })}\n`)
})
