// A picture and its question in Streamlit.

import { mountWith } from "../shared/streamlit.js";
import { mountBoard } from "./board.js";
import css from "./quiz.css";

export const mount = mountWith(css, ({ parentElement, data }) => {
  let board = mountBoard(parentElement, data);
  return {
    again(next) {
      if (board.id === next.data.id) return board.present(next.data.present);
      board.destroy();
      board = mountBoard(parentElement, next.data);
      return undefined;
    },
    close: () => board.destroy(),
  };
});
