document.querySelectorAll("[data-picture]").forEach(shown => {
  const picture = shown.querySelector("svg"), frame = picture.parentElement;
  const whole = picture.viewBox.baseVal;
  const scale = factor => { picture.setAttribute("width", whole.width * factor); picture.setAttribute("height", whole.height * factor); };
  shown.querySelectorAll("[data-zoom]").forEach(button => button.addEventListener("click", () => {
    const by = Number(button.dataset.zoom);
    scale(by ? picture.clientWidth / whole.width * by : frame.clientWidth / whole.width);
  }));
  const light = (node, on) => shown.querySelectorAll(`path[data-from="${node}"], path[data-to="${node}"]`).forEach(path => path.classList.toggle("lit", on));
  shown.querySelectorAll("[data-node]").forEach(each => {
    for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focus", true], ["blur", false]])
      each.addEventListener(event, () => light(each.dataset.node, on));
  });
});
