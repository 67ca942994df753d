/** The anywidget module: the same front end in JupyterLab, JupyterLite and the book. */

import { mountShell } from "./shell.js";

export default {
  render({ model, el }) {
    return mountShell(model, el);
  },
};
