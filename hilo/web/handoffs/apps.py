from django.apps import AppConfig


class WebHandoffsConfig(AppConfig):
    name = "hilo.web.handoffs"
    label = "web_handoffs"

    def ready(self) -> None:
        from hilo.web.base.navigation import main_menu
        from hilo.web.my_day.badges import to_answer

        main_menu.count("web:handoffs", to_answer)
