/**
 * What a bundle has in the place of `Intl.Segmenter`. Dependencies make one as they
 * are loaded, for which V8 takes 10 ms to find the data of Unicode, and most commands
 * never have anything to cut that is not ASCII.
 */

// The global one, because in a bundle its name in `Intl` stands for the class below.
const { Segmenter } = globalThis.Intl

/** Printable ASCII, in which each character is a grapheme. */
const plain = /^[ -~]*$/

/** The graphemes of a text in printable ASCII. */
const cutPlain = (input: string): Intl.Segments => {
  const at = (index: number): Intl.SegmentData => ({ segment: input.charAt(index), index, input })
  return {
    containing: (index = 0) =>
      (index >= 0 && index < input.length ? at(Math.trunc(index)) : undefined) as Intl.SegmentData,
    [Symbol.iterator]: () =>
      Array.from(input, (_, index) => at(index))[Symbol.iterator]() as Intl.SegmentIterator<Intl.SegmentData>,
  }
}

/** Cuts texts into graphemes. */
export class LateSegmenter {
  readonly #make: () => Intl.Segmenter
  #made: Intl.Segmenter | undefined

  constructor(locales?: Intl.LocalesArgument, options?: Intl.SegmenterOptions) {
    this.#make = () => new Segmenter(locales, options)
    if ((options?.granularity ?? "grapheme") !== "grapheme") this.#made = this.#make()
  }

  segment(text: string): Intl.Segments {
    if (this.#made === undefined && plain.test(text)) return cutPlain(text)
    return (this.#made ??= this.#make()).segment(text)
  }
}
