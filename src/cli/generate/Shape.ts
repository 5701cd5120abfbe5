/** The shape of a value, in no particular language. */
import * as Data from "effect/Data"

export type Literal = string | number | boolean | null

/** A field of an object, other than a property of a resource. */
export interface Field {
  readonly name: string
  readonly shape: Shape
  readonly required: boolean
  readonly description: string | undefined
}

export type Shape = Data.TaggedEnum<{
  /** Any JSON value: nothing is known about it, or nothing that a type can say. */
  Any: {}
  Text: {}
  Number: {}
  Integer: {}
  Boolean: {}
  Null: {}
  /** One of these values. */
  Literals: { readonly values: ReadonlyArray<Literal> }
  List: { readonly item: Shape }
  /** The first `required` items must be there. `rest` is the shape of any that follow; undefined if none may. */
  Tuple: { readonly items: ReadonlyArray<Shape>; readonly required: number; readonly rest: Shape | undefined }
  /** `rest` is the shape of fields with other names; undefined if there may be none. */
  Fields: { readonly fields: ReadonlyArray<Field>; readonly rest: Shape | undefined }
  /** A value of one of these shapes. Without members it has no values. */
  Union: { readonly members: ReadonlyArray<Shape> }
  /** A value of all of these shapes. */
  Intersection: { readonly members: ReadonlyArray<Shape> }
  /** The definition of this name, which may refer to itself. */
  Named: { readonly name: string }
}>

export const Shape = Data.taggedEnum<Shape>()

/** A shape with a name, which other shapes refer to. */
export interface Definition {
  readonly name: string
  readonly shape: Shape
}

/** A shape, and the definitions that it refers to. */
export interface DefinedShape {
  readonly shape: Shape
  readonly definitions: ReadonlyArray<Definition>
}
