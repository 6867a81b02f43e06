"""NoAnimationStyle: Fusion without any animation, with field outlines and focus that can be seen in light and dark."""

from __future__ import annotations

from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

_NO_TIME = (
    QStyle.StyleHint.SH_Widget_Animation_Duration,
    QStyle.StyleHint.SH_Menu_FlashTriggeredItem,
    QStyle.StyleHint.SH_ComboBox_AllowWheelScrolling,
)


class NoAnimationStyle(QProxyStyle):
    """Fusion, still: nothing fades, slides or flashes, which a remote desktop would have to send frame by frame."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def styleHint(  # noqa: N802 - Qt's name
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803 - Qt's name
    ) -> int:
        """0 for every animation; a wheel over a combo box scrolls the page and does not change a value unseen."""
        if hint in _NO_TIME:
            return 0
        return super().styleHint(hint, option, widget, returnData)

    def drawPrimitive(  # noqa: N802 - Qt's name
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption | None,
        painter: QPainter | None,
        widget: QWidget | None = None,
    ) -> None:
        """Line edits get an outline of 3:1 contrast, and two pixels of accent while they have the focus."""
        if element is QStyle.PrimitiveElement.PE_FrameLineEdit and option is not None and painter is not None:
            from unitclient.desktop.theme.drawing import field_frame

            field_frame(painter, option)
            return
        super().drawPrimitive(element, option, painter, widget)
