// Each slider tells its value beside it, and how many have been moved.
for (const slider of document.querySelectorAll('.levers input[type="range"]')) {
  const told = document.getElementById(`${slider.id}-value`);
  const tell = () => {
    const value = Number(slider.value);
    const sign = slider.min < 0 && value > 0 ? "+" : "";
    told.textContent = value === 0 ? told.dataset.today : `${sign}${value} ${slider.dataset.unit}`;
    slider.setAttribute("aria-valuetext", told.textContent);
  };
  slider.addEventListener("input", tell);
  tell();
}
