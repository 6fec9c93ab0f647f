/** What the simulator answers: JSON, or plain text where the real service sends text. */
export interface SimulatedAnswer {
  status: number;
  body: unknown;
}
