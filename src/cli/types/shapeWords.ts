/** The shape of a value in a few words. */
import type { Definition, Shape } from "../generate/Shape.ts"

/** More values are only counted. */
const maxValues = 6

/** What a definition stands for is looked up once: one may refer to itself. */
export const shapeWords = (shape: Shape, definitions: ReadonlyArray<Definition> = []): string => {
  switch (shape._tag) {
    case "Any":
      return "any value"
    case "Text":
      return "string"
    case "Number":
      return "number"
    case "Integer":
      return "integer"
    case "Boolean":
      return "boolean"
    case "Null":
      return "null"
    case "Literals": {
      const { values } = shape
      return values.length > maxValues
        ? `one of ${values.length} values`
        : values.map((value) => JSON.stringify(value)).join(" or ")
    }
    case "List":
      return `list of ${shapeWords(shape.item, definitions)}`
    case "Tuple":
      return "list"
    case "Fields":
      return shape.fields.length === 0 && shape.rest !== undefined ? "object with any keys" : "object"
    case "Union":
      return [...new Set(shape.members.map((one) => shapeWords(one, definitions)))].join(" or ")
    case "Intersection":
      return shape.members.map((one) => shapeWords(one, definitions)).find((one) => one !== "any value") ?? "any value"
    case "Named": {
      const meant = definitions.find(({ name }) => name === shape.name)?.shape
      return meant === undefined || meant._tag === "Named" ? "object" : shapeWords(meant)
    }
  }
}
