const SHOWN = "[secret]";

/**
 * A credential that shows itself only to `reveal()`. As text, in a template literal, as JSON, in `util.inspect`, in an error
 * and in a structured clone it is "[secret]".
 */
export class SecretString {
  /** What a structured clone, which copies own members only, shows. */
  readonly secret: string = SHOWN;
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), { value: () => SHOWN });
    Object.freeze(this);
  }

  /** Returns the credential, for the one place that sends it. */
  reveal(): string {
    return this.#value;
  }

  /** Characters, for checks that need no more. */
  get length(): number {
    return this.#value.length;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  get [Symbol.toStringTag](): string {
    return "SecretString";
  }
}
