from django.apps import AppConfig


class WebMyDayConfig(AppConfig):
    name = "hilo.web.my_day"
    label = "web_my_day"

    def ready(self) -> None:
        from hilo.web.base.navigation import main_menu
        from hilo.web.my_day.badges import due_today

        main_menu.count("web:my_day", due_today)
