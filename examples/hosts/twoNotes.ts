/** What the programs in this folder apply to the board. */
import { Forma } from "formae/agent"
import { Note } from "./notes.ts"

/** Two notes, of which the second has the address of the first. */
export const makeTwoNotes = (name: string, takesMillis = 0) => {
  const board = Forma.target(Note, { label: "board", config: { TakesMillis: takesMillis } })
  const hello = Forma.resource(Note, {
    label: "hello",
    target: board,
    properties: { Title: `${name}-hello`, Text: "Hello" },
  })
  const index = Forma.resource(Note, {
    label: "index",
    target: board,
    properties: { Title: `${name}-index`, Text: hello.ref("Url") },
  })
  return Forma.make({ name, targets: [board], resources: [hello, index] })
}
