"""The style: Fusion without any animation, with outlines and focus marks that can be seen in light and dark.

Controls are drawn here, not by a style sheet: a sheet breaks the frames of combo boxes and the scrolling of tables.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QRect, QSize
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import (
    QFrame,
    QProxyStyle,
    QPushButton,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionSlider,
    QWidget,
)

from unitclient.desktop.theme import controls, scroll_bar
from unitclient.desktop.theme.options import as_kind

_Drawer = Callable[[QPainter, QStyleOption], None]

_NO_TIME = (
    QStyle.StyleHint.SH_Widget_Animation_Duration,
    QStyle.StyleHint.SH_Menu_FlashTriggeredItem,
    QStyle.StyleHint.SH_ComboBox_AllowWheelScrolling,
)
_PRIMITIVES: dict[QStyle.PrimitiveElement, _Drawer] = {
    QStyle.PrimitiveElement.PE_FrameLineEdit: controls.field_outline,
    QStyle.PrimitiveElement.PE_PanelLineEdit: controls.field_panel,
    QStyle.PrimitiveElement.PE_Frame: controls.view_frame,
    QStyle.PrimitiveElement.PE_FrameFocusRect: controls.focus_rect,
    QStyle.PrimitiveElement.PE_IndicatorCheckBox: controls.check_box,
    QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck: controls.check_box,
    QStyle.PrimitiveElement.PE_IndicatorRadioButton: controls.radio_button,
    QStyle.PrimitiveElement.PE_FrameTabWidget: controls.tab_pane,
    QStyle.PrimitiveElement.PE_FrameTabBarBase: controls.tab_base,
}
_CONTROLS: dict[QStyle.ControlElement, _Drawer] = {
    QStyle.ControlElement.CE_HeaderSection: controls.header_section,
    QStyle.ControlElement.CE_HeaderEmptyArea: controls.header_surface,
    QStyle.ControlElement.CE_ProgressBarGroove: controls.progress_groove,
    QStyle.ControlElement.CE_ProgressBarContents: controls.progress_contents,
    QStyle.ControlElement.CE_TabBarTabShape: controls.tab,
}
_METRICS = {
    QStyle.PixelMetric.PM_ScrollBarExtent: scroll_bar.EXTENT,
    QStyle.PixelMetric.PM_ScrollView_ScrollBarSpacing: 0,
    QStyle.PixelMetric.PM_HeaderMargin: 6,
    QStyle.PixelMetric.PM_FocusFrameHMargin: 5,
    QStyle.PixelMetric.PM_IndicatorWidth: 16,
    QStyle.PixelMetric.PM_IndicatorHeight: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorWidth: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorHeight: 16,
    QStyle.PixelMetric.PM_TabBarTabHSpace: 24,
    QStyle.PixelMetric.PM_TabBarTabVSpace: 14,
    QStyle.PixelMetric.PM_TabBarBaseOverlap: 0,
}
_FIELDS = (
    QStyle.ContentsType.CT_LineEdit,
    QStyle.ContentsType.CT_ComboBox,
    QStyle.ContentsType.CT_SpinBox,
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

    def pixelMetric(  # noqa: N802 - Qt's name
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Own sizes where Fusion's are too small."""
        own = _METRICS.get(metric)
        return super().pixelMetric(metric, option, widget) if own is None else own

    def sizeFromContents(  # noqa: N802 - Qt's name
        self, type: QStyle.ContentsType, option: QStyleOption | None, size: QSize, widget: QWidget | None = None
    ) -> QSize:  # fmt: skip
        """Fields are as high as buttons."""
        wanted = super().sizeFromContents(type, option, size, widget)
        if type in _FIELDS and option is not None:
            return QSize(
                wanted.width() + controls.FIELD_PADDING * 2, max(wanted.height(), controls.field_height(option))
            )
        return wanted

    def subElementRect(  # noqa: N802 - Qt's name
        self, element: QStyle.SubElement, option: QStyleOption | None, widget: QWidget | None = None
    ) -> QRect:
        """Text in a field does not touch its outline."""
        area = super().subElementRect(element, option, widget)
        if element is QStyle.SubElement.SE_LineEditContents:
            return area.adjusted(controls.FIELD_PADDING, 0, -controls.FIELD_PADDING, 0)
        return area

    def subControlRect(  # noqa: N802 - Qt's name
        self,
        cc: QStyle.ComplexControl,
        option: QStyleOptionComplex | None,
        sc: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Scroll bars have no arrows; a combo box's text has the padding of a field."""
        if cc is QStyle.ComplexControl.CC_ScrollBar and option is not None:
            return scroll_bar.part(as_kind(option, QStyleOptionSlider), sc)
        area = super().subControlRect(cc, option, sc, widget)
        if cc is QStyle.ComplexControl.CC_ComboBox and sc is QStyle.SubControl.SC_ComboBoxEditField:
            return area.adjusted(controls.FIELD_PADDING, 0, 0, 0)
        return area

    def drawPrimitive(  # noqa: N802 - Qt's name
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption | None,
        painter: QPainter | None,
        widget: QWidget | None = None,
    ) -> None:
        """Outlines, panels, focus marks and indicators of our own."""
        draw = _PRIMITIVES.get(element)
        # A button's focus is the style sheet's border.
        if element is QStyle.PrimitiveElement.PE_FrameFocusRect and isinstance(widget, QPushButton):
            return
        foreign = element is QStyle.PrimitiveElement.PE_Frame and not isinstance(widget, QFrame)
        if draw is None or foreign or option is None or painter is None:
            super().drawPrimitive(element, option, painter, widget)
        else:
            draw(painter, option)

    def drawControl(  # noqa: N802 - Qt's name
        self,
        element: QStyle.ControlElement,
        option: QStyleOption | None,
        painter: QPainter | None,
        widget: QWidget | None = None,
    ) -> None:
        """Headers, progress bars and tabs of our own."""
        draw = _CONTROLS.get(element)
        if draw is None or option is None or painter is None:
            super().drawControl(element, option, painter, widget)
        else:
            draw(painter, option)

    def drawComplexControl(  # noqa: N802 - Qt's name
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex | None,
        painter: QPainter | None,
        widget: QWidget | None = None,
    ) -> None:
        """Scroll bars, combo boxes and spin boxes of our own."""
        if option is None or painter is None:
            return
        if control is QStyle.ComplexControl.CC_ScrollBar:
            scroll_bar.draw(painter, as_kind(option, QStyleOptionSlider))
        elif control is QStyle.ComplexControl.CC_ComboBox:
            arrow = self.subControlRect(control, option, QStyle.SubControl.SC_ComboBoxArrow, widget)
            controls.combo_box(painter, option, arrow)
        elif control is QStyle.ComplexControl.CC_SpinBox:
            up = self.subControlRect(control, option, QStyle.SubControl.SC_SpinBoxUp, widget)
            down = self.subControlRect(control, option, QStyle.SubControl.SC_SpinBoxDown, widget)
            controls.spin_box(painter, option, up, down)
        else:
            super().drawComplexControl(control, option, painter, widget)
